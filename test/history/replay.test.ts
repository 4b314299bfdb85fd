/** Any moment that is kept can be rebuilt, exactly. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { fold } from "../../src/core/step.js";
import { HistoryError, InvalidOptionError } from "../../src/errors.js";
import { replay } from "../../src/history/replay.js";
import { acquire, release, resize } from "../support/commands.js";
import { PATIENT } from "../support/moves.js";
import { bytesOf, Partition } from "../support/partition.js";
import { longRun } from "./long-run.js";
import { recorded, trimmedTo } from "./recorder.js";
import { story } from "./story.js";

const partition = story();
const entries = recorded(partition, { perEntry: 2, checkpointEvery: 3 });

/** As a fold of all events from the first one on has it. */
function stateBefore(isLater: (event: { seq: number; at: number }) => boolean): string {
  const events = partition.events;
  const end = events.findIndex(isLater);
  return bytesOf(fold(new State(), end < 0 ? events : events.slice(0, end)));
}

describe("the state", () => {
  test("at the end", async () => {
    const { state, at, seq, token } = await replay(entries);
    expect(state).toEqual(snapshot(partition.state));
    expect({ at, seq, token }).toEqual({
      at: partition.state.at,
      seq: partition.state.seq,
      token: partition.state.token,
    });
  });

  test("after every event, also in the middle of a commit", async () => {
    for (const { seq } of partition.events) {
      const { state } = await replay(entries, { untilSeq: seq });
      expect(JSON.stringify(state)).toBe(stateBefore((event) => event.seq > seq));
    }
  });

  test("at every time, with all that happened then", async () => {
    for (const until of [0, 999, 1_000, 1_001, 3_500, 12_000, 3_700_000, 1e12]) {
      const { state } = await replay(entries, { until });
      expect(JSON.stringify(state)).toBe(stateBefore((event) => event.at > until));
      expect((await replay(entries, { until: new Date(until) })).state).toEqual(state);
    }
  });

  test("at what comes first, if both are given", async () => {
    expect(await replay(entries, { until: 3_500, untilSeq: 2 })).toMatchObject({ seq: 2 });
    expect(await replay(entries, { until: 1_000, untilSeq: 12 })).toMatchObject({ at: 1_000 });
  });

  test("before everything", async () => {
    expect((await replay(entries, { untilSeq: 0 })).state).toEqual(snapshot(new State()));
    expect((await replay([])).state).toEqual(snapshot(new State()));
  });

  test("needs no entry after the moment", async () => {
    async function* source() {
      yield* entries.slice(0, 2);
      throw new Error("read too far");
    }
    const last = (entries[2]?.seq ?? 0) - 1;
    expect(await replay(source(), { untilSeq: last })).toMatchObject({ seq: last });
  });
});

test(
  "a checkpoint and what follows it is as good as all, at 1,000 moments of a long run",
  PATIENT,
  async () => {
    const { events, commands } = longRun(60, 5);
    const all = recorded({ commands }, { perEntry: 3, checkpointEvery: 11 });
    const checkpoints = all.flatMap((entry) =>
      entry.state === undefined ? [] : [{ entry, seq: seqAfter(entry.state) }],
    );
    expect(events.length).toBeGreaterThan(2_000);
    expect(checkpoints.length).toBeGreaterThan(50);
    const folded = new State();
    const moments = randomly(events.length, 1_000);
    let compared = 0;
    for (const event of events) {
      fold(folded, [event]);
      if (!moments.has(event.seq)) continue;
      const before = checkpoints.filter(({ seq }) => seq <= event.seq);
      // Not always the nearest one.
      const from = before.at(-1 - (event.seq % 5))?.entry;
      const kept = all.slice(from ? all.indexOf(from) : 0);
      const replayed = await replay(kept, { untilSeq: event.seq });
      expect(JSON.stringify(replayed.state)).toBe(bytesOf(folded));
      compared++;
    }
    expect(compared).toBe(1_000);
  },
);

/** So many numbers of 1 … `last`, the same each time. */
function randomly(last: number, count: number): ReadonlySet<number> {
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  const some = fc.shuffledSubarray(numbers, { minLength: count, maxLength: count });
  return new Set(fc.sample(some, { numRuns: 1, seed: 9 })[0]);
}

function seqAfter(state: string): number {
  return JSON.parse(state).seq;
}

describe("it is said clearly", () => {
  const kept = trimmedTo(entries, 1);
  const [first] = kept;
  const since = JSON.parse(first?.state ?? "");

  test("that the moment is no longer kept", async () => {
    for (const moment of [{ untilSeq: since.seq - 1 }, { until: since.at - 1 }]) {
      await expect(replay(kept, moment)).rejects.toThrow(
        `the history is kept from event ${since.seq} on, at ${since.at} ms, which is later than that moment. ` +
          "Ask for a later one, or keep more",
      );
    }
    expect(await replay(kept, { untilSeq: since.seq })).toMatchObject({ seq: since.seq });
    expect(await replay(kept, { until: since.at })).toMatchObject({ at: since.at });
  });

  test("that the event has not happened", async () => {
    const { seq } = partition.state;
    for (const untilSeq of [seq + 1, 1e9]) {
      await expect(replay(entries, { untilSeq })).rejects.toThrow(
        `there is no event ${untilSeq} yet: the history ends with event ${seq}.`,
      );
    }
    await expect(replay([], { untilSeq: 1 })).rejects.toThrow("the history ends with event 0");
  });

  test.each([
    ["the beginning", entries.slice(1), "event 4: the history begins here"],
    ["an entry", entries.toSpliced(1, 1), "event 7: event 4 must come next"],
  ])("that %s is missing", async (_what, damaged, says) => {
    const failure = replay(damaged);
    await expect(failure).rejects.toBeInstanceOf(HistoryError);
    await expect(failure).rejects.toThrow(says);
  });

  test.each([
    ["no JSON", "", "the state of its checkpoint is none"],
    ["none", '{"at":0,"seq":1}', "the state of its checkpoint is none"],
    ["another one", JSON.stringify(snapshot(new State())), "is that after event 0, not"],
  ])("that the state of a checkpoint is %s", async (_what, state, says) => {
    const damaged = kept.map((entry, index) => (index === 0 ? { ...entry, state } : entry));
    await expect(replay(damaged)).rejects.toThrow(says);
  });

  test.each([
    { until: Number.NaN },
    { until: new Date("yesterday") },
    { untilSeq: -1 },
    { untilSeq: 1.5 },
  ])("that %j is no moment", async (moment) => {
    await expect(replay(entries, moment)).rejects.toBeInstanceOf(InvalidOptionError);
  });
});

describe("of a moment one can ask", () => {
  const then = () => {
    const { commands } = new Partition().given(
      ...[acquire("a", { value: 2 }), acquire("b", { value: 2 }), acquire("c", { value: 2 })],
      ...[resize("api", 1), acquire("d", { on: "blob", value: 3 }), release("d")],
      ...[acquire("e", { on: "aaa" }), release("e")],
    );
    return replay(recorded({ commands }));
  };

  test("who held and who waited", async () => {
    const replayed = await then();
    expect(replayed.holders("api").map(({ id }) => id)).toEqual(["a", "b"]);
    expect(replayed.waiters("api")).toMatchObject([{ id: "c", position: 1 }]);
    expect(replayed.holders("unknown")).toEqual([]);
  });

  test("how full semaphores were", async () => {
    const replayed = await then();
    const api = { acquiredSlots: 2, maxSlots: 1, acquiredPercent: 200, queued: 1 };
    const blob = { acquiredSlots: 0, maxSlots: 3, acquiredPercent: 0, queued: 0 };
    expect([...replayed.stats()]).toEqual([["api", api]]);
    expect([...replayed.stats(["blob"])]).toEqual([["blob", blob]]);
    expect(replayed.semaphores()).toEqual([
      { name: "aaa", declared: 1, ...blob, maxSlots: 1 },
      { name: "api", declared: 2, ...api },
      { name: "blob", declared: 3, ...blob },
    ]);
  });

  test("for all of it in a line", async () => {
    expect((await then()).describe()).toBe(
      "at=0ms seq=12 token=4 | aaa 0/1 held=[] queue=[] | api 2/1 (declared 2) held=[0:a 1:b] queue=[c] | blob 0/3 held=[] queue=[] | 0-s#8 owns=3",
    );
  });
});
