/** What an operator may say of himself, and what is refused. */

import { expect, test } from "vitest";
import { InvalidOptionError } from "../../src/errors.js";
import { TestCoordinator } from "../../src/testing.js";
import { all } from "../contract/backend.js";

test.each(["", 7, null, "a\nb", "\u{d800}", "a".repeat(101)])(
  "an operator cannot be called %j",
  async (operator) => {
    const coordinator = new TestCoordinator();
    const semaphore = coordinator.semaphore({ name: "api", value: 1 });
    const options = Object.assign(JSON.parse("{}"), { operator });
    for (const asking of [
      coordinator.revoke("a", options),
      semaphore.revoke("a", options),
      coordinator.resize("api", 2, options),
      semaphore.resize(2, options),
    ]) {
      await expect(asking).rejects.toThrow(InvalidOptionError);
      await expect(asking).rejects.toMatchObject({ option: "operator" });
    }
  },
);

test("force is true or false", async () => {
  const options = JSON.parse('{"force":"yes"}');
  await expect(new TestCoordinator().revoke("a", options)).rejects.toMatchObject({
    option: "force",
  });
});

test("who revokes and who resizes is told by the history, and by why", async () => {
  const coordinator = new TestCoordinator();
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  const slot = await semaphore.acquire();
  await semaphore.resize(2, { operator: "Ada" });
  await semaphore.revoke(slot.id, { operator: "Ada", force: true });
  const events = await all(coordinator.history({ types: ["resized", "expired"] }));
  expect(events).toMatchObject([{ operator: "Ada" }, { operator: "Ada", reason: "revoked" }]);
});
