/** The logger is told of acquires and releases (debug) and of losses (warn). */

import { describe, expect, it } from "vitest";
import type { Logger } from "../../src/index.js";
import { abortOf, type Backend, Given, SHORT_MS } from "./backend.js";

type Line = [level: string, details: object, message: string];

/** Shaped like pino: an object first, then the message. */
function recorder(): { lines: Line[]; logger: Logger } {
  const lines: Line[] = [];
  const at =
    (level: string) =>
    (...[details, message]: [object, string]): void => {
      lines.push([level, details, message]);
    };
  const logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { lines, logger };
}

function fail(): never {
  throw new Error("the disk is full");
}

export function logging(backend: Backend): void {
  describe("the logger", () => {
    const given = new Given(backend);

    it("is told of an acquire and a release, at debug", async () => {
      const { lines, logger } = recorder();
      const { semaphore, holder } = await given.busy({ logger });
      await holder.release();
      const details = { semaphore: semaphore.name, acquisition: holder.id, slot: 0 };
      expect(lines).toEqual([
        ["debug", details, "acquired"],
        ["debug", details, "released"],
      ]);
    });

    it("is told of a loss, at warn", async () => {
      const { lines, logger } = recorder();
      const { semaphore, holder } = await given.busy({ logger, ttlMs: SHORT_MS });
      const aborted = abortOf(holder.signal);
      given.passes(SHORT_MS);
      await aborted;
      const lost = `the slot of "${semaphore.name}" was lost: it was held longer than its ttlMs`;
      expect(lines.at(-1)).toMatchObject(["warn", { acquisition: holder.id }, {}]);
      expect(lines.at(-1)?.[2]).toContain(lost);
      expect(lines.length).toBe(2);
    });

    it("is told of who got nothing, at debug", async () => {
      const { lines, logger } = recorder();
      const { semaphore } = await given.busy();
      await semaphore.tryAcquire({ logger });
      await semaphore.acquire({ logger, maxQueueSize: 0 }).catch(() => {});
      expect(lines.map(([level, , message]) => [level, message])).toEqual([
        ["debug", "abandoned (busy)"],
        ["debug", "abandoned (queue-full)"],
      ]);
    });

    it("may be that of one acquire", async () => {
      const [ofAll, ofOne] = [recorder(), recorder()];
      const semaphore = await given.semaphore({ logger: ofAll.logger, value: 2 });
      await semaphore.acquire({ logger: ofOne.logger });
      await semaphore.acquire();
      expect([ofAll.lines.length, ofOne.lines.length]).toEqual([1, 1]);
    });

    it("may be the console", async () => {
      const semaphore = await given.semaphore({ logger: console });
      const { debug } = console;
      const lines: unknown[][] = [];
      console.debug = (...line) => lines.push(line);
      try {
        await semaphore.use(() => {});
      } finally {
        console.debug = debug;
      }
      expect(lines.map(([, message]) => message)).toEqual(["acquired", "released"]);
    });

    it("keeps its `this`", async () => {
      class Counter implements Logger {
        count = 0;
        debug(): void {
          this.count++;
        }
        info(): void {}
        warn(): void {}
        error(): void {}
      }
      const logger = new Counter();
      await (await given.semaphore({ logger })).use(() => {});
      expect(logger.count).toBe(2);
    });

    it("harms nothing when it throws", async () => {
      const logger = { debug: fail, info: fail, warn: fail, error: fail };
      const { semaphore, holder } = await given.busy({ logger });
      expect(await semaphore.tryAcquire()).toBeNull();
      const aborted = abortOf(holder.signal);
      await semaphore.revoke(holder.id);
      expect(await aborted).toMatchObject({ reason: "revoked" });
      expect(await semaphore.use(() => "done")).toBe("done");
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0, queued: 0 });
    });
  });
}
