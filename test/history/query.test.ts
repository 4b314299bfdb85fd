/** Which events are asked for, and no more is read than must be. */

import { describe, expect, test } from "vitest";
import { describeEvent } from "../../src/core/describe.js";
import type { StoredEntry } from "../../src/history/entry.js";
import { matches, select } from "../../src/history/query.js";
import type { EventQuery } from "../../src/ports.js";
import { acquire, heartbeat, leave, reassert, release, resize } from "../support/commands.js";
import { Partition } from "../support/partition.js";
import { recorded } from "./recorder.js";

const partition = new Partition();
partition.at(1_000).given(acquire("a"), acquire("b", { by: "0-t" }));
partition
  .at(2_000)
  .given(heartbeat(), resize("blob", 2, { declared: 1 }), acquire("c", { on: "blob" }));
partition.at(3_000).given(release("a", { by: "0-t" }), leave({ by: "0-t" }));
partition.at(4_000).lead({ type: "restart", pauseMs: 500 });
partition.given(reassert("d", { slot: 0, token: 7, by: "0-u" }));
partition.given(reassert("d", { slot: 0, token: 7, by: "0-v" }));
const entries = recorded(partition, { perEntry: 2 });

async function selected(query: EventQuery, from: readonly StoredEntry[] = entries) {
  const lines: string[] = [];
  for await (const event of select(from, query))
    lines.push(`#${event.seq} ${describeEvent(event)}`);
  return lines;
}

const all = partition.events.map((event) => `#${event.seq} ${describeEvent(event)}`);
const backwards = [...entries].reverse();

describe("what fits", () => {
  test("is all, if nothing is said", async () => {
    expect(await selected({})).toEqual(all);
  });

  test("is what is about a semaphore, or an acquisition", async () => {
    expect(await selected({ semaphore: "blob" })).toEqual(
      all.filter((line) => / blob /.test(line)),
    );
    expect(await selected({ acquisition: "a" })).toEqual(all.filter((line) => / a on /.test(line)));
    expect(await selected({ semaphore: "blob", acquisition: "a" })).toEqual([]);
  });

  test("is what a session acquired, asked, or had before another one", async () => {
    expect(await selected({ session: "0-t" })).toEqual([
      "#3 queued b on api value=1 position=1 by 0-t#1",
      "#8 released a on api (released) by 0-t#2",
      "#9 granted b on api slot=0 token=3000000",
      "#10 released b on api (left)",
      "#11 left by 0-t#3",
    ]);
    expect(await selected({ session: "0-u" })).toEqual([
      "#13 reasserted d on api slot=0 token=7 value=1 by 0-u#1",
      "#14 reasserted d on api slot=0 token=7 value=1 from=0-u by 0-v#1",
    ]);
  });

  test("is of a type", async () => {
    expect(await selected({ types: ["granted", "left"] })).toEqual(
      all.filter((line) => /granted|left by/.test(line)),
    );
    expect(await selected({ types: [] })).toEqual([]);
  });

  test("happened within a time, its ends included", async () => {
    const within = partition.events.filter(({ at }) => at >= 2_000 && at <= 3_000);
    expect(await selected({ since: 2_000, until: 3_000 })).toHaveLength(within.length);
    expect(await selected({ since: 2_001, until: 2_999 })).toEqual([]);
    expect(matches({ seq: 1, at: 5, type: "ticked" }, { since: 5, until: 5 })).toBe(true);
  });

  test("is no more than was asked for", async () => {
    expect(await selected({ limit: 2 })).toEqual(all.slice(0, 2));
    expect(await selected({ limit: 0 })).toEqual([]);
    expect(await selected({ types: ["granted"], limit: 1 })).toEqual(all.slice(1, 2));
  });

  test("comes in reverse, if the entries do", async () => {
    const reversed = [...all].reverse();
    expect(await selected({ reverse: true }, backwards)).toEqual(reversed);
    expect(await selected({ reverse: true, limit: 3 }, backwards)).toEqual(reversed.slice(0, 3));
    expect(await selected({ reverse: true, since: 3_000, until: 3_000 }, backwards)).toEqual(
      reversed.filter((line) => /^#(8|9|10|11) /.test(line)),
    );
  });
});

describe("no more is read", () => {
  async function read(query: EventQuery, from: readonly StoredEntry[]) {
    let entriesRead = 0;
    let closed = false;
    async function* source() {
      try {
        for (const entry of from) {
          entriesRead++;
          yield entry;
        }
      } finally {
        closed = true;
      }
    }
    for await (const _event of select(source(), query));
    return { entriesRead, closed };
  }

  test.each<[string, EventQuery, number]>([
    ["than the limit needs", { limit: 1 }, 1],
    ["than up to the end of the time", { until: 1_000 }, 2],
    ["for nothing", { limit: 0 }, 0],
  ])("%s", async (_what, query, entriesRead) => {
    expect(await read(query, entries)).toEqual({ entriesRead, closed: entriesRead > 0 });
  });

  test("than back to the beginning of the time", async () => {
    const { entriesRead } = await read({ reverse: true, since: 4_000 }, backwards);
    expect(entriesRead).toBe(2);
  });
});

test("an entry that is damaged is an error, not an omission", async () => {
  const [first = backwards[0], ...rest] = entries;
  if (first === undefined) throw new Error("there is no entry");
  await expect(selected({}, [{ ...first, events: "" }, ...rest])).rejects.toThrow(
    "event 1: its events are no JSON array. Verify the history",
  );
});
