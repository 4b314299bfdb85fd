/** Whether today's code decides as the one did that wrote a history. */

import { describe, expect, test } from "vitest";
import { against } from "../../src/history/against.js";
import type { StoredEntry } from "../../src/history/entry.js";
import { acquire, release } from "../support/commands.js";
import { PATIENT } from "../support/moves.js";
import { Partition } from "../support/partition.js";
import { longRun } from "./long-run.js";
import { recorded, trimmedTo } from "./recorder.js";
import { story } from "./story.js";

const partition = story();

/** As another version would have written it. */
function rewritten(entries: readonly StoredEntry[], from: RegExp, to: string): StoredEntry[] {
  return entries.map((entry) => ({ ...entry, events: entry.events.replace(from, to) }));
}

describe("the same is decided", () => {
  test("as today's code has written it, in entries of whatever size", PATIENT, async () => {
    for (const perEntry of [1, 2, 5]) {
      const same = partition.events.length;
      expect(await against(recorded(partition, { perEntry }))).toEqual({ same });
    }
    const long = longRun(10, 8);
    expect(await against(recorded(long, { perEntry: 4 }))).toEqual({ same: long.events.length });
  });

  test("after what a trimmed history begins with", async () => {
    const kept = trimmedTo(recorded(partition, { checkpointEvery: 4 }), 1);
    const known = JSON.parse(kept[0]?.state ?? "").seq;
    expect(await against(kept)).toEqual({ same: partition.events.length - known });
    expect(await against([])).toEqual({ same: 0 });
  });

  test("where only the order of members is another one", async () => {
    const entries = recorded(partition);
    const other = rewritten(entries, /"seq":(\d+),"at":(\d+)/g, '"at":$2,"seq":$1');
    expect(other).not.toEqual(entries);
    expect(await against(other)).toEqual({ same: partition.events.length });
  });
});

describe("the first difference is told", () => {
  const entries = recorded(
    new Partition().given(acquire("a"), acquire("b", { ttlMs: 500 }), release("a")),
  );

  test("where another event follows", async () => {
    const other = rewritten(entries, /"slot":0,"token":2/, '"slot":1,"token":2');
    expect(await against(other)).toEqual({
      same: 4,
      difference: {
        seq: 5,
        command: "release a by 0-s#3",
        expected: "granted b on api slot=1 token=2",
        actual: "granted b on api slot=0 token=2",
      },
    });
  });

  test("where one more follows, or one less", async () => {
    const [first = entries[0], ...rest] = entries;
    if (first === undefined) throw new Error("there is no entry");
    const [queued, granted] = JSON.parse(first.events);
    const less = { ...first, events: JSON.stringify([queued]) };
    expect(await against([less, ...rest])).toEqual({
      same: 1,
      difference: {
        seq: 2,
        command: "acquire a on api value=1 by 0-s#1",
        expected: undefined,
        actual: "granted a on api slot=0 token=1",
      },
    });
    const ticked = { seq: 3, at: 0, type: "ticked" };
    const more = { ...first, events: JSON.stringify([queued, granted, ticked]) };
    expect(await against([more, ...rest])).toEqual({
      same: 2,
      difference: {
        seq: 3,
        command: "acquire a on api value=1 by 0-s#1",
        expected: "ticked",
        actual: undefined,
      },
    });
  });

  test("as JSON, where a line says the same of both", async () => {
    const { difference } = await against(
      rewritten(entries, /"at":0,"type":"granted"/, '"at":5,"type":"granted"'),
    );
    expect(difference?.expected).toContain('"seq":2,"at":5,"type":"granted"');
    expect(difference?.actual).toContain('"seq":2,"at":0,"type":"granted"');
  });
});

test("an entry that is missing is no difference of decisions", async () => {
  const failure = against(recorded(partition).toSpliced(1, 1));
  await expect(failure).rejects.toMatchObject({ code: "HISTORY" });
});
