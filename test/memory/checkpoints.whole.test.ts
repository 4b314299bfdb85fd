/** The history of memory mode, whose front goes by number and by age, tells what the whole one would. */

import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.js";
import { verify } from "../../src/history/verify.js";
import { LocalLog } from "../../src/memory/local-log.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import type { Retention, StoredEntry } from "../../src/ports.js";
import { all } from "../contract/backend.js";
import { longRun } from "../history/long-run.js";
import { Moments } from "../support/moments.js";
import { PATIENT } from "../support/moves.js";

const MOMENTS = 10;
const LOOKS = 100;

describe.each<[string, Retention]>([
  ["by number", { events: 400, ageMs: Infinity }],
  ["by age", { events: 1_000_000, ageMs: 60_000 }],
])("trimmed %s", (_how, retention) => {
  test(
    "at 1,000 random moments of a long random run, checkpoint and tail are the full fold",
    PATIENT,
    async () => {
      const clock = new SimulatedClock(0);
      const log = new LocalLog(clock, retention);
      const moments = new Moments(5);
      const commands = longRun(45, 9).commands.filter(({ command }) => "session" in command);
      const live = log.entries({ live: true });
      const firsts = new Set<number>();
      let seq = 0;
      for (const [index, { command, at }] of commands.entries()) {
        clock.advance(Math.max(0, at - clock.now()));
        if ("session" in command) log.append(command);
        for (const { seq: last } = await log.head(); seq < last; ) {
          const { value } = await live.next();
          const events: Event[] = JSON.parse(value?.events ?? "[]");
          for (const event of events) moments.note(event);
          seq += events.length;
        }
        const isLook = index % Math.floor(commands.length / LOOKS) === 0;
        if (!isLook || seq === 0 || moments.compared === MOMENTS * LOOKS) continue;
        const entries: StoredEntry[] = await all(log.entries());
        firsts.add(entries[0]?.seq ?? 0);
        await moments.compare(entries, MOMENTS);
      }
      await live.return(undefined);
      expect(moments.compared).toBe(MOMENTS * LOOKS);
      expect(moments.byLaterCheckpoint).toBeGreaterThan(MOMENTS * LOOKS * 0.2);
      expect(firsts.size).toBeGreaterThan(10);
      expect(await verify(log.entries(), { head: (await log.head()).hash })).toMatchObject({
        ...{ ok: true, trimmed: true },
      });
    },
  );
});
