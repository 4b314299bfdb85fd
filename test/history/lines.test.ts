/** A history can be written to a file and read again, byte for byte; what is no history is refused, with its line. */

import { describe, expect, test } from "vitest";
import { HistoryError } from "../../src/errors.js";
import { hashOf, type StoredEntry } from "../../src/history/entry.js";
import { readHistory, writeHistory } from "../../src/history/lines.js";
import { verify } from "../../src/history/verify.js";
import { longRun } from "./long-run.js";
import { recorded } from "./recorder.js";
import { story } from "./story.js";

const header = { namespace: "slots", exportedAt: 1_790_000_000_000 };
const entries = recorded(story(), { perEntry: 2, checkpointEvery: 3 });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const linesOf = (of: readonly StoredEntry[]) => all(writeHistory(header, of));

/** The entries without what only a reader knows. */
async function readBack(lines: readonly string[]): Promise<Partial<StoredEntry>[]> {
  const { entries } = await readHistory(lines);
  return (await all(entries)).map(({ line, version, ...entry }) => entry);
}

/** The one entry, as it is read after it was written. */
async function throughLine(texts: Partial<StoredEntry>) {
  const entry = { seq: 7, epoch: 2, commands: "[]", events: "[]", ...texts };
  const written = { ...entry, hash: hashOf("", entry) };
  expect(await readBack(await linesOf([written]))).toEqual([written]);
}

describe("what was written is read again", () => {
  test("a whole history, with its header", async () => {
    const head = { seq: 9, hash: entries.at(-1)?.hash ?? "" };
    const lines = await all(writeHistory({ ...header, head }, entries));
    expect(lines).toHaveLength(entries.length + 1);
    const read = await readHistory(lines);
    expect(read.header).toEqual({ version: 1, ...header, head });
    const back = await all(read.entries);
    expect(back.map(({ line }) => line)).toEqual(entries.map((_entry, index) => index + 2));
    expect(await readBack(lines)).toEqual(entries);
    expect(await verify(back)).toMatchObject({ ok: true, entries: entries.length });
  });

  test("up to the head that the header names, whatever comes meanwhile: a cut-off end is noticed", async () => {
    const [end, last] = [entries.length - 2, entries.at(-3)];
    const head = { seq: (entries[end]?.seq ?? 0) - 1, hash: last?.hash ?? "" };
    const lines = await all(writeHistory({ ...header, head }, entries));
    expect(await readBack(lines)).toEqual(entries.slice(0, end));
    const verified = async (kept: readonly string[]) => {
      const read = await readHistory(kept);
      return verify(read.entries, { head: read.header.head });
    };
    expect(await verified(lines)).toMatchObject({ ok: true, head: head.hash });
    expect(await verified(lines.slice(0, -1))).toMatchObject({
      ok: false,
      problem: { kind: "missing" },
    });
  });

  test("and what does not follow on it, for that is damage to be found", async () => {
    const [first, second, ...others] = entries;
    if (first === undefined || second === undefined) throw new Error("there is too little of it");
    const head = { seq: second.seq - 1, hash: first.hash };
    const forged = { ...second, commands: "[ ]" };
    const lines = await all(writeHistory({ ...header, head }, [first, forged, ...others]));
    expect(await readBack(lines)).toEqual([first, forged, ...others]);
    const read = await readHistory(lines);
    expect(await verify(read.entries, { head })).toMatchObject({ problem: { kind: "changed" } });
  });

  test("nothing, of a history that was empty when the export began", async () => {
    const head = { seq: 0, hash: "" };
    expect(await all(writeHistory({ ...header, head }, entries))).toHaveLength(1);
  });

  test("every line is JSON, for other programs", async () => {
    const [first, ...lines] = await linesOf(entries);
    expect(JSON.parse(first ?? "")).toEqual({ slotstream: "history", version: 1, ...header });
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual(entries.map(({ seq }) => seq));
    expect(JSON.parse(lines[2] ?? "").state).toMatchObject({ semaphores: [{ name: "api" }, {}] });
  });

  test.each([
    ["members that are numbers", '[{"2":"b","1":"a"}]'],
    ["the same member twice", '[{"a":1,"a":2}]'],
    ["fractions, exponents and large numbers", "[1.0,1e2,-0,12345678901234567890]"],
    ["escapes and quotes", '["\\u0041\\"\\\\","}]","\\\\\\""]'],
    ["characters beyond ASCII", '["ünï\u2028\u{1f600}"]'],
    ["space", '[ { "a" :\t1 } ]'],
  ])("%s stay as they are", async (_what, text) => {
    await throughLine({ commands: text, events: text, previous: "", state: `{"a":${text}}` });
  });

  test.each([
    ["line feeds", "[\n1,\r\n2]"],
    ["no JSON", "[{]"],
    ["more than one thing", "[],[]"],
    ["nothing", ""],
    ["what looks like the end", '[]}\n{"seq":1}'],
    ["a string that does not end", '["'],
  ])("%s are kept as well", async (_what, text) => {
    await throughLine({ commands: text, events: text, previous: "", state: text });
  });

  test("a long random run", async () => {
    const long = recorded(longRun(10, 3), { perEntry: 4, checkpointEvery: 5 });
    expect(await readBack(await linesOf(long))).toEqual(long);
  });
});

describe("a reader", () => {
  test("does not mind empty lines, other space, another order, or members that it does not know", async () => {
    const [first = "", second = ""] = await linesOf(entries);
    const { seq, epoch, commands, events, hash } = JSON.parse(second);
    const other =
      `{ "hash" : "${hash}", "seq" : ${seq}, "epoch" : ${epoch}, "new" : [{}], "no" : null,
      "commands" : ${JSON.stringify(commands)} , "events": ${JSON.stringify(events)} }`.replace(
        "\n",
        "",
      );
    const read = await readHistory([first, "", other, " "]);
    const [back] = await all(read.entries);
    expect(back).toMatchObject({ ...entries[0], line: 3 });
  });

  test("asks for no line that nobody reads, and closes the file", async () => {
    const lines = await linesOf(entries);
    let [asked, closed] = [0, 0];
    async function* file() {
      try {
        for (const line of lines) {
          asked++;
          yield line;
        }
      } finally {
        closed++;
      }
    }
    const read = await readHistory(file());
    expect(asked).toBe(1);
    for await (const { seq } of read.entries) if (seq > 1) break;
    expect({ asked, closed }).toEqual({ asked: 3, closed: 1 });
  });
});

test("a file that is no history is closed again", async () => {
  let closed = false;
  async function* file() {
    try {
      yield "hello";
    } finally {
      closed = true;
    }
  }
  await expect(readHistory(file())).rejects.toBeInstanceOf(HistoryError);
  expect(closed).toBe(true);
});

describe("it is refused", () => {
  const refusal = async (lines: readonly string[]) => {
    try {
      const read = await readHistory(lines);
      await all(read.entries);
    } catch (error) {
      if (error instanceof HistoryError) return error;
      throw error;
    }
    throw new Error("it was not refused");
  };

  test.each([
    ["an empty file", [], undefined, "there is nothing in it"],
    ["something else", ["hello"], 1, "line 1: this is not the beginning of a history"],
    ["other JSON", ['{"a":1}'], 1, "line 1: this is not the beginning of a history"],
    ["an entry without a header", ['{"seq":1}'], 1, "line 1: this is not the beginning"],
    [
      "a newer version",
      ['{"slotstream":"history","version":2}'],
      1,
      "line 1: it is of version 2 of the format, and this slotstream reads up to 1. Read it with",
    ],
    ["no version", ['{"slotstream":"history"}'], 1, "line 1: it is of version undefined"],
    ["a version that is none", ['{"slotstream":"history","version":"1"}'], 1, 'version "1"'],
  ])("%s", async (_what, lines, line, says) => {
    const error = await refusal(lines);
    expect(error.message).toContain(says);
    expect(error).toMatchObject({ code: "HISTORY", line });
  });

  const hash = "a".repeat(64);
  test.each([
    ["what is cut off", '{"seq":1,"epoch":1,"comma', undefined, "this is no whole entry"],
    ["what is no object", "[]", undefined, "this is no whole entry"],
    ["an object with nothing in it", "{}", undefined, "an entry must say its seq"],
    ["more behind it", "{} {}", undefined, "this is no whole entry"],
    ["a member twice", '{"seq":1,"seq":1}', undefined, "this is no whole entry"],
    ["a member without a value", '{"seq":}', undefined, "this is no whole entry"],
    ["members without a comma", '{"seq":1 "epoch":1}', undefined, "this is no whole entry"],
    ["a name that is none", '{"\\x":1}', undefined, "this is no whole entry"],
    ["a bracket that is not closed", '{"seq":[1}', undefined, "this is no whole entry"],
    ["no seq", '{"seq":0}', undefined, "an entry must say its seq"],
    ["no epoch", '{"seq":7,"epoch":-1}', 7, "an entry must say its epoch"],
    ["no hash", '{"seq":7,"epoch":1}', 7, "an entry must say its hash"],
    ["a hash that is none", '{"seq":7,"epoch":1,"hash":"abc"}', 7, "an entry must say its hash"],
    ["no events", `{"seq":7,"epoch":1,"hash":"${hash}","commands":[]}`, 7, "commands and events"],
    [
      "a state without what is before",
      `{"seq":7,"epoch":1,"commands":[],"events":[],"state":{},"hash":"${hash}"}`,
      7,
      "a checkpoint must have a state, and the hash of the entry before",
    ],
    [
      "what is before without a state",
      `{"seq":7,"epoch":1,"commands":[],"events":[],"previous":"","hash":"${hash}"}`,
      7,
      "a checkpoint must have a state, and the hash of the entry before",
    ],
  ])("%s", async (_what, line, seq, says) => {
    const [first = ""] = await linesOf([]);
    const error = await refusal([first, "", line]);
    expect(error.message).toContain(says);
    expect(error).toMatchObject({ code: "HISTORY", line: 3, seq });
  });

  test("by verify, as what cannot be read", async () => {
    const lines = await linesOf(entries);
    const read = await readHistory(lines.with(3, lines[3]?.slice(0, -1) ?? ""));
    expect(await verify(read.entries)).toMatchObject({
      ...{ ok: false, entries: 2 },
      problem: {
        ...{ kind: "unreadable", seq: entries[2]?.seq, line: 4 },
        message: `the entry of event ${entries[2]?.seq} cannot be read: this is no whole entry.`,
      },
    });
  });
});
