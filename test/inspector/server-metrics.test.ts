/** What the inspector tells Prometheus, where that is wanted. */

import { describe, expect, test } from "vitest";
import { TestCoordinator } from "../../src/testing.js";
import { ask, exported, inspectorOf, refusal, sourceOf, tokenOf } from "./server-support.js";

describe("/metrics", () => {
  test("has the fleet's semaphores as they are when it is asked", async () => {
    const coordinator = new TestCoordinator();
    const opened = await inspectorOf(coordinator, { metrics: true });
    const slot = await coordinator.semaphore({ name: "api", value: 2 }).acquire();
    const held = await ask(opened, "/metrics");
    expect(held.status).toBe(200);
    expect(held.headers["content-type"]).toContain("text/plain");
    expect(held.text).toContain('slotstream_fleet_held{semaphore="api"} 1');
    await slot.release();
    const { text } = await ask(opened, "/metrics");
    expect(text).toContain("slotstream_fleet_up 1");
    expect(text).not.toContain("slotstream_fleet_held{");
  });

  test("wants the token, where there is one", async () => {
    const opened = await inspectorOf(new TestCoordinator(), {
      metrics: true,
      token: "0123456789abcdef",
    });
    for (const path of ["/metrics", "/healthz"]) {
      expect(await refusal(opened, path)).toMatchObject({ status: 401 });
      const headers = { Authorization: `Bearer ${tokenOf(opened)}` };
      expect(await ask(opened, path, { headers })).toMatchObject({ status: 200 });
    }
  });

  test("is not there unless it is wanted", async () => {
    const opened = await inspectorOf(new TestCoordinator());
    for (const path of ["/metrics", "/healthz"]) {
      expect(await refusal(opened, path)).toMatchObject({ status: 404, code: "NOT_FOUND" });
    }
  });

  test("cannot be had of an export", async () => {
    const lines = await exported(new TestCoordinator());
    const opening = inspectorOf(sourceOf(lines), { metrics: true });
    await expect(opening).rejects.toMatchObject({ code: "INVALID_OPTION", option: "metrics" });
  });
});

test("/healthz says that its coordinator answers", async () => {
  const opened = await inspectorOf(new TestCoordinator(), { metrics: true });
  const { status, text } = await ask(opened, "/healthz");
  expect({ status, ...JSON.parse(text) }).toEqual({ status: 200, role: "looking" });
});
