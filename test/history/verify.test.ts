/** Whatever is wrong with a history is found, and named; what is right is not blamed. */

import { describe, expect, test } from "vitest";
import { HistoryError } from "../../src/errors.js";
import type { StoredEntry } from "../../src/history/entry.js";
import { verify } from "../../src/history/verify.js";
import { recorded, rehashed, trimmedTo } from "./recorder.js";
import { story } from "./story.js";

const partition = story();
const entries = recorded(partition);
const withCheckpoints = recorded(partition, { perEntry: 2, checkpointEvery: 3 });
const lastSeq = partition.state.seq;

/** The entries, of which one is changed. */
function altered(
  all: readonly StoredEntry[],
  index: number,
  change: (entry: StoredEntry) => Partial<StoredEntry>,
): StoredEntry[] {
  return all.map((entry, i) => (i === index ? { ...entry, ...change(entry) } : entry));
}

function swapped(all: readonly StoredEntry[], index: number): StoredEntry[] {
  return [
    ...all.slice(0, index),
    ...all.slice(index, index + 2).reverse(),
    ...all.slice(index + 2),
  ];
}

function without(all: readonly StoredEntry[], index: number, count = 1): StoredEntry[] {
  return all.toSpliced(index, count);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items.at(index);
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}

describe("what is whole", () => {
  test("a history from its first event on", async () => {
    expect(await verify(entries)).toEqual({
      ...{ ok: true, entries: entries.length, events: lastSeq, first: 1, last: lastSeq },
      ...{ head: at(entries, -1).hash, trimmed: false, problem: undefined },
    });
  });

  test("one with checkpoints, and what is left of it when its beginning was trimmed", async () => {
    expect(await verify(withCheckpoints)).toMatchObject({ ok: true, first: 1, trimmed: false });
    const kept = trimmedTo(withCheckpoints, 1);
    expect(await verify(kept)).toMatchObject({
      ...{ ok: true, entries: kept.length, first: at(kept, 0).seq, last: lastSeq, trimmed: true },
      head: at(withCheckpoints, -1).hash,
    });
  });

  test("one that begins with a checkpoint that is also its first entry", async () => {
    const all = recorded(partition, { checkpointEvery: 1 });
    expect(await verify(all)).toMatchObject({ ok: true, trimmed: false, events: lastSeq });
  });

  test("one that has nothing yet", async () => {
    expect(await verify([])).toEqual({
      ...{ ok: true, entries: 0, events: 0, first: undefined, last: undefined },
      ...{ head: "", trimmed: false, problem: undefined },
    });
  });

  test("a checkpoint whose state says the same in another order", async () => {
    const reordered = withCheckpoints.map((entry) => {
      if (entry.state === undefined) return entry;
      const { acquisitions, ...rest } = JSON.parse(entry.state);
      return { ...entry, state: JSON.stringify({ acquisitions: acquisitions.reverse(), ...rest }) };
    });
    expect(await verify(rehashed(reordered))).toMatchObject({ ok: true });
  });

  test("entries with nothing in them", async () => {
    const idle = { seq: 1, epoch: 1, commands: "[]", events: "[]", hash: "" };
    expect(await verify(rehashed([idle, idle, at(entries, 0)]))).toMatchObject({
      ...{ ok: true, entries: 3 },
    });
  });
});

describe("what was changed is named", () => {
  test.each([
    ["its commands", ({ commands }: StoredEntry) => ({ commands: `${commands} ` })],
    ["its events", ({ events }: StoredEntry) => ({ events: events.replace('"at"', '"aT"') })],
    ["its epoch", () => ({ epoch: 0 })],
    ["its hash", () => ({ hash: "0".repeat(64) })],
    ["its number, to a later one", ({ seq }: StoredEntry) => ({ seq: seq + 100 })],
    ["its number, to an earlier one", ({ seq }: StoredEntry) => ({ seq: seq - 1 })],
  ])("%s", async (_what, change) => {
    const { ok, problem, entries: right, last } = await verify(altered(entries, 4, change));
    const { seq } = at(entries, 4);
    expect({ ok, right, last }).toEqual({ ok: false, right: 4, last: seq - 1 });
    expect(problem).toMatchObject({
      kind: "changed",
      seq,
      message: `the entry of event ${seq} was changed: its hash is another one.`,
    });
  });

  test("the first of all, and its number", async () => {
    const changed = { kind: "changed", seq: 1 };
    const commands = altered(entries, 0, () => ({ commands: "[]" }));
    expect((await verify(commands)).problem).toMatchObject(changed);
    const number = altered(entries, 0, () => ({ seq: 3 }));
    expect((await verify(number)).problem).toMatchObject(changed);
  });

  test.each([
    ["the state of a checkpoint", (entry: StoredEntry) => ({ state: `${entry.state} ` })],
    ["the hash that a checkpoint has of what is before", () => ({ previous: "0".repeat(64) })],
  ])("%s, at the beginning and later", async (_what, change) => {
    const kept = trimmedTo(withCheckpoints, 0);
    const atFirst = altered(kept, 0, change);
    const { seq } = at(kept, 0);
    expect((await verify(atFirst)).problem).toMatchObject({ kind: "changed", seq });
    const later = altered(withCheckpoints, 2, change);
    expect((await verify(later)).problem).toMatchObject({ kind: "changed", seq });
  });
});

describe("what is missing is named", () => {
  test("one entry, and several", async () => {
    const { seq } = at(entries, 4);
    expect((await verify(without(entries, 4))).problem).toMatchObject({ kind: "missing", seq });
    const three = await verify(without(entries, 4, 3));
    expect(three.problem).toMatchObject({
      kind: "missing",
      message: `events ${seq} to ${at(entries, 7).seq - 1} are missing: event ${at(entries, 7).seq} comes next.`,
    });
  });

  test("one from which nothing followed, before a checkpoint", async () => {
    const idle = { seq: 1, epoch: 1, commands: "[]", events: "[]", hash: "" };
    const all = rehashed([
      ...[idle, idle],
      { ...at(recorded(partition, { checkpointEvery: 1 }), 0), previous: "" },
    ]);
    expect(await verify(all)).toMatchObject({ ok: true, trimmed: false });
    expect(await verify(all.slice(2))).toMatchObject({ ok: true, first: 1, trimmed: true });
    expect((await verify(without(all, 1))).problem).toMatchObject({
      ...{ kind: "missing", seq: 1 },
      message: "an entry before that of event 1 is missing, or was changed.",
    });
  });

  test("the beginning, if what is left does not begin with a checkpoint", async () => {
    const { seq } = at(entries, 3);
    expect(await verify(entries.slice(3))).toMatchObject({
      ...{ ok: false, entries: 0, last: undefined },
      problem: { kind: "begins-nowhere", seq },
    });
    // A checkpoint further down does not make up for it.
    const cutOff = withCheckpoints.slice(1);
    expect((await verify(cutOff)).problem).toMatchObject({ kind: "begins-nowhere" });
  });

  test("the end, if one knows how far it went", async () => {
    const head = { seq: lastSeq, hash: at(entries, -1).hash };
    expect(await verify(entries, { head })).toMatchObject({ ok: true });
    const { seq } = at(entries, -2);
    expect(await verify(entries.slice(0, -2), { head })).toMatchObject({
      ok: false,
      problem: {
        ...{ kind: "missing", seq },
        message: `events ${seq} to ${lastSeq} are missing: the history ends with event ${seq - 1}.`,
      },
    });
  });
});

test("what cannot be read behind the damage does not hide it", async () => {
  async function* source() {
    yield at(entries, 0);
    yield at(entries, 2);
    throw new HistoryError("this is no whole entry", "", { line: 4 });
  }
  const { seq } = at(entries, 1);
  expect((await verify(source())).problem).toMatchObject({ kind: "missing", seq });
});

describe("what stands in the wrong place is named", () => {
  test("two entries that changed places", async () => {
    for (const index of [0, 4, entries.length - 2]) {
      expect((await verify(swapped(entries, index))).problem).toMatchObject({
        ...{ kind: "reordered", seq: at(entries, index + 1).seq },
        message: `the entry of event ${at(entries, index + 1).seq} stands where that of event ${at(entries, index).seq} belongs.`,
      });
    }
  });

  test("the checkpoint of a trimmed history and what follows it", async () => {
    const kept = trimmedTo(withCheckpoints, 0);
    const { problem } = await verify(swapped(kept, 0));
    expect(problem).toMatchObject({ kind: "reordered", seq: at(kept, 1).seq });
  });

  test("one that stands there twice", async () => {
    const twice = [...entries.slice(0, 5), ...entries.slice(4)];
    const { problem } = await verify(twice);
    expect(problem).toMatchObject({ kind: "reordered", seq: at(entries, 4).seq });
    const atTheEnd = [...entries, at(entries, 4)];
    expect((await verify(atTheEnd)).problem).toMatchObject({
      ...{ kind: "reordered", seq: at(entries, 4).seq },
    });
  });

  test("one of a leader whose term was over", async () => {
    const late = altered(entries, 4, () => ({ epoch: 2 }));
    const { seq } = at(entries, 5);
    expect((await verify(rehashed(late))).problem).toMatchObject({
      ...{ kind: "reordered", seq },
      message: `the entry of event ${seq} is of epoch 1, and stands behind one of epoch 2.`,
    });
  });
});

describe("what was altered with all hashes", () => {
  test("events that do not follow from their commands", async () => {
    const forged = altered(entries, 0, ({ events }) => ({
      events: events.replace('"token":1000000', '"token":1000001'),
    }));
    const { problem } = await verify(rehashed(forged));
    expect(problem).toMatchObject({ kind: "wrong-events", seq: 2 });
    expect(problem?.message).toContain("granted a on api slot=0 token=1000001");
    expect(problem?.message).toContain("granted a on api slot=0 token=1000000");
  });

  test("unless another version may have decided so", async () => {
    const forged = altered(entries, 0, ({ events }) => ({
      events: events.replace('"token":1000000', '"token":1000001'),
    }));
    expect(await verify(rehashed(forged), { decisions: false })).toMatchObject({ ok: true });
  });

  test("the state of a checkpoint", async () => {
    const forged = altered(withCheckpoints, 2, ({ state }) => ({
      state: state?.replace(/"token":\d+/, '"token":9'),
    }));
    const { seq } = at(withCheckpoints, 2);
    expect((await verify(rehashed(forged))).problem).toMatchObject({ kind: "wrong-state", seq });
    const withoutDecisions = await verify(rehashed(forged), { decisions: false });
    expect(withoutDecisions.problem).toMatchObject({ kind: "wrong-state", seq });
  });

  test.each([
    ["no JSON", '[{"seq":1', "its events are no JSON array"],
    ["no list", '{"seq":1}', "its events are no JSON array"],
    ["no event", '[{"seq":1,"at":0,"type":"queued"}]', "what stands there is no event"],
    ["a type that there is not", '[{"seq":1,"at":0,"type":"constructor"}]', "is no event"],
    ["a gap", '[{"seq":2,"at":0,"type":"ticked"}]', "the event there has the number 2"],
  ])("events that are %s", async (_what, events, says) => {
    const { problem } = await verify(rehashed(altered(entries, 0, () => ({ events }))));
    expect(problem).toMatchObject({ kind: "unreadable", seq: 1 });
    expect(problem?.message).toContain(says);
  });

  test.each([
    ["a list", "{}", "its commands are no JSON array"],
    ["a row", '["tick"]', "number 1 of its commands"],
    ["an id", '[["now",{"type":"tick"}]]', "number 1 of its commands"],
    ["a leader's", '[["5-0",{"type":"tick"}],["5-0",{"type":"rebase"}]]', "number 2 of its"],
    ["a session's", '[["5-0","0-s",1,0,[{"type":"tick"}]]]', "number 1 of its commands"],
    ["a session", '[["5-0","",1,0,[{"type":"heartbeat"}]]]', "number 1 of its commands"],
    ["seen", '[["5-0","0-s",1,null,[{"type":"heartbeat"}]]]', "number 1 of its commands"],
  ])("commands without %s", async (_what, commands, says) => {
    const { problem } = await verify(rehashed(altered(entries, 0, () => ({ commands }))));
    expect(problem).toMatchObject({ kind: "unreadable", seq: 1 });
    expect(problem?.message).toContain(says);
  });

  test("a gap within an entry", async () => {
    const forged = altered(entries, 0, ({ events }) => ({
      events: events.replace('"seq":2', '"seq":3'),
    }));
    expect((await verify(rehashed(forged))).problem).toMatchObject({
      ...{ kind: "unreadable", seq: 1 },
      message: "the entry of event 1 cannot be read: the event there has the number 3 (event 2).",
    });
  });

  test("events about what is not there", async () => {
    const events =
      '[{"seq":1,"at":0,"type":"granted","semaphore":"api","acquisition":"z","session":"0-s","slot":0,"token":1}]';
    const forged = rehashed(altered(entries, 0, () => ({ events })));
    const { problem } = await verify(forged, { decisions: false });
    expect(problem).toMatchObject({ kind: "unreadable", seq: 1 });
    expect(problem?.message).toContain("cannot follow from what came before");
  });
});

describe("a head that was kept elsewhere", () => {
  const anchor = at(entries, 4).hash;

  test("is found, wherever the history has gone since", async () => {
    expect(await verify(entries, { head: anchor })).toMatchObject({ ok: true });
    const kept = trimmedTo(withCheckpoints, 0);
    expect(await verify(kept, { head: at(kept, 0).previous })).toMatchObject({ ok: true });
    expect(await verify([], { head: "" })).toMatchObject({ ok: true });
  });

  test("is missed where the history was written anew", async () => {
    const anew = rehashed(altered(entries, 0, ({ commands }) => ({ commands: `${commands} ` })));
    expect(await verify(anew)).toMatchObject({ ok: true });
    expect(await verify(anew, { head: anchor })).toMatchObject({
      ...{ ok: false, problem: { kind: "wrong-head", seq: lastSeq } },
    });
    const head = { seq: 5, hash: anchor };
    expect((await verify(anew, { head })).problem).toMatchObject({ kind: "wrong-head" });
  });
});

test("what is not the fault of the history is thrown, and the source is closed", async () => {
  let closed = 0;
  async function* failing() {
    try {
      yield at(entries, 0);
      throw new Error("the disk failed");
    } finally {
      closed++;
    }
  }
  await expect(verify(failing())).rejects.toThrow("the disk failed");
  async function* failingLater() {
    yield at(entries, 1);
    yield* failing();
  }
  await expect(verify(failingLater())).resolves.toMatchObject({
    problem: { kind: "reordered" },
  });
  async function* failingAtOnce() {
    yield at(entries, 1);
    throw new Error("the disk failed");
  }
  await expect(verify(failingAtOnce())).rejects.toThrow("the disk failed");
  async function* whole() {
    try {
      yield* entries.slice(1);
    } finally {
      closed++;
    }
  }
  await expect(verify(whole())).resolves.toMatchObject({ ok: false });
  expect(closed).toBe(3);
});
