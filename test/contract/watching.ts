/** What happens, told as it happens. */

import { describe, expect, it } from "vitest";
import { HistoryError, InvalidOptionError, type WatchQuery } from "../../src/index.js";
import { all, type Backend, Given } from "./backend.js";

/** What plain JavaScript may pass, whatever the types say. */
const unchecked = <T>(value: unknown): T => value as T;

const USED = ["queued", "granted", "released"];

export function watching(backend: Backend): void {
  describe("watch()", () => {
    const given = new Given(backend);

    it("tells what happens from now on, and nothing that did before", async () => {
      const semaphore = await given.semaphore();
      await semaphore.use(() => {});
      const events = semaphore.watch({ limit: 3 });
      const { id } = await semaphore.use((slot) => slot);
      const watched = await all(events);
      expect(watched.map(({ type }) => type)).toEqual(USED);
      expect(watched).toMatchObject(USED.map(() => ({ acquisition: id })));
      expect(watched).toEqual(await all(semaphore.history({ acquisition: id })));
    });

    it("tells what happens while somebody reads", async () => {
      const { semaphore, holder } = await given.busy();
      const types: string[] = [];
      for await (const { type } of semaphore.watch({ after: 0 })) {
        types.push(type);
        if (type === "granted") await holder.release();
        if (type === "released") break;
      }
      expect(types).toEqual(USED);
    });

    it("of a coordinator tells of all semaphores, or of what is asked for", async () => {
      const [one, other] = [await given.semaphore(), await given.semaphore()];
      const { coordinator } = one;
      const granted = coordinator.watch({ types: ["granted"], limit: 2 });
      const others = coordinator.watch({ semaphore: other.name, limit: 3 });
      await one.use(() => {});
      await other.use(() => {});
      expect(await all(granted)).toMatchObject([
        { semaphore: one.name },
        { semaphore: other.name },
      ]);
      expect((await all(others)).map(({ type }) => type)).toEqual(USED);
    });

    it("goes on where it was left, without a gap and without a repeat", async () => {
      const semaphore = await given.semaphore();
      const first = semaphore.watch({ limit: 2 });
      for (let i = 0; i < 2; i++) await semaphore.use(() => {});
      const seqs = (await all(first)).map(({ seq }) => seq);
      while (seqs.length < 6) {
        const [next] = await all(semaphore.watch({ after: seqs.at(-1), limit: 1 }));
        seqs.push(next?.seq ?? 0);
      }
      expect(seqs).toEqual((await all(semaphore.history())).map(({ seq }) => seq));
    });

    it("ends when its signal aborts, while it waits", async () => {
      const { semaphore } = await given.busy();
      const controller = new AbortController();
      const seen: string[] = [];
      for await (const { type } of semaphore.watch({ after: 0, signal: controller.signal })) {
        seen.push(type);
        // Later than this turn: it waits for more by then.
        if (type === "granted") setImmediate(() => controller.abort());
      }
      expect(seen).toEqual(["queued", "granted"]);
      expect(await all(semaphore.watch({ after: 0, signal: controller.signal }))).toEqual([]);
    });

    it("ends when its coordinator is closed", async () => {
      const coordinator = await given.coordinator();
      const watched = all(coordinator.watch({ acquisition: "nobody" }));
      await coordinator.close();
      expect(await watched).toEqual([]);
      expect(await all(coordinator.watch({ acquisition: "nobody" }))).toEqual([]);
    });

    it("does not begin behind what has not happened", async () => {
      const { semaphore } = await given.busy();
      const [last] = await all(semaphore.coordinator.history({ reverse: true, limit: 1 }));
      const watched = all(semaphore.watch({ after: (last?.seq ?? 0) + 1_000 }));
      await expect(watched).rejects.toBeInstanceOf(HistoryError);
      await expect(watched).rejects.toThrow("pass after: 0 to begin with what is kept");
    });

    it.each<[string, unknown]>([
      ["after", -1],
      ["after", "7"],
      ["signal", new AbortController()],
      ["reverse", true],
    ])("%s must not be %o", async (option, value) => {
      const semaphore = await given.semaphore();
      const watch = () => semaphore.watch(unchecked<WatchQuery>({ [option]: value }));
      expect(watch).toThrow(InvalidOptionError);
      expect(watch).toThrow(expect.objectContaining({ option }));
    });
  });
}
