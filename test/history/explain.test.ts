/** Out of a history alone, in one pass, the same is told as by whoever knows all events. */

import { expect, test } from "vitest";
import { State } from "../../src/core/state.js";
import { fold } from "../../src/core/step.js";
import { describeExplanation } from "../../src/history/describe-explanation.js";
import { explain } from "../../src/history/explain.js";
import { why } from "../../src/history/why.js";
import { acquire, heartbeat, reassert, release } from "../support/commands.js";
import { PATIENT } from "../support/moves.js";
import { Partition } from "../support/partition.js";
import { longRun } from "./long-run.js";
import { recorded, trimmedTo } from "./recorder.js";

test(
  "the same as with all events, of everybody, at many moments of a long run",
  PATIENT,
  async () => {
    const { commands, events } = longRun(16, 5);
    const entries = recorded({ commands }, { perEntry: 3 });
    const kinds = new Set<string>();
    for (let seq = 3; seq <= events.length; seq += 29) {
      const known = events.slice(0, seq);
      const state = fold(new State(), known);
      const ids = known
        .slice(-40)
        .flatMap((event) => ("acquisition" in event ? event.acquisition : []));
      for (const id of new Set(ids)) {
        if (id === undefined) continue;
        const expected = why(state, state.at, id, known);
        const explanation = await explain(entries, id, { untilSeq: seq });
        if (expected.kind !== "unknown") expect(explanation, `${id} at ${seq}`).toEqual(expected);
        kinds.add(
          expected.kind === "ended" ? `${expected.end.type} ${expected.end.reason}` : expected.kind,
        );
      }
    }
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining([
        ...["waiting", "holding", "released released", "expired ttl", "expired heartbeat"],
        ...["expired superseded", "abandoned timeout", "abandoned busy", "abandoned lost"],
      ]),
    );
  },
);

const partition = new Partition().given(
  acquire("x"),
  release("x"),
  acquire("a", { ttlMs: 60_000 }),
);
partition.at(1_000).given(heartbeat(), acquire("b", { by: "0-t", maxAcquireTimeMs: 2_000 }));
partition.at(3_000).given(heartbeat());
const entries = recorded(partition, { checkpointEvery: 1 });

test("where a checkpoint is all that is known of who holds the slots", async () => {
  const kept = trimmedTo(entries, 2);
  const lines = [
    'b on "api" was abandoned (timeout) 0 ms ago (event 8).',
    "It had waited for 2.0 s.",
    "It waited longer than it may (2.0 s).",
    "1 of 1 slots were held.",
    "  held by: slot 0: a, for 3.0 s",
  ];
  expect(describeExplanation(await explain(entries, "b"))).toEqual(lines);
  expect(describeExplanation(await explain(kept, "b"))).toEqual(lines);
});

test("at a moment, as it was then, and now, as time has gone on", async () => {
  expect(await explain(entries, "b", { until: 2_500 })).toMatchObject({
    ...{ kind: "waiting", at: 2_500, waitedMs: 1_500, givesUpAt: 3_000 },
  });
  expect(await explain(entries, "a", { now: 9_000 })).toMatchObject({
    ...{ kind: "holding", at: 9_000, holder: { heldMs: 9_000 } },
  });
  expect(await explain(entries, "a")).toMatchObject({ kind: "holding", at: 3_000 });
  // Clocks differ: nothing is told of a time before what has happened.
  expect(await explain(entries, "a", { now: 10 })).toMatchObject({ at: 3_000 });
});

test("who superseded it last, if it was more than once", async () => {
  const lost = new Partition();
  lost.lead({ type: "restart", pauseMs: 9_000 });
  const slot = { slot: 0, token: 7_000 };
  lost.given(
    reassert("a", slot),
    reassert("b", { ...slot, token: 8_000, by: "0-t" }),
    reassert("a", { ...slot, token: 9_000 }),
    reassert("c", { ...slot, token: 9_500, by: "0-u" }),
  );
  expect(await explain(recorded(lost), "a")).toMatchObject({
    causes: [{ what: "superseded", by: { acquisition: "c" } }],
  });
});

test("of one that is not there, how far one has looked", async () => {
  expect(await explain(trimmedTo(entries, 2), "z")).toEqual({
    ...{ kind: "unknown", id: "z", at: 3_000, keptFrom: 6 },
  });
  expect(await explain([], "z")).toEqual({ kind: "unknown", id: "z", at: 0, keptFrom: undefined });
});
