/** The history, read from its stream: from anywhere, to both sides, and as it grows. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BackendUnavailableError, HistoryError } from "../../src/errors.js";
import { verify } from "../../src/history/verify.js";
import type { HistoryRange, StoredEntry, Term } from "../../src/ports.js";
import type { RedisPartition } from "../../src/redis/partition.js";
import { all } from "../contract/backend.js";
import { aCommit, connected, lead, newNamespace, partitionOn } from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Commits have three events and one by turns. */
const seqOf = (commit: number) => commit * 2 - (commit % 2);

class Writer {
  constructor(
    private readonly partition: RedisPartition,
    private readonly term: Term,
    private commits = 0,
    private readonly hash = "hash",
  ) {}

  /** Everything before that place goes. */
  async checkpoint(previous: string, trimTo?: string): Promise<void> {
    const number = ++this.commits;
    const seq = seqOf(number);
    const entry = {
      seq,
      commands: "[]",
      events: "[]",
      previous,
      state: "{}",
      hash: `hash-${number}`,
    };
    const commit = { number, from: "5-5", seq: seq - 1, trimTo };
    await this.partition.store.commit(this.term, aCommit("5-5", { ...commit, history: entry }));
  }

  async write(count: number): Promise<void> {
    for (const end = this.commits + count; this.commits < end; ) {
      const number = ++this.commits;
      const [seq, next] = [seqOf(number), seqOf(number + 1)];
      const events = Array.from({ length: next - seq }, (_, index) => ({ seq: seq + index }));
      const texts = {
        commands: "[]",
        events: JSON.stringify(events),
        hash: `${this.hash}-${number}`,
      };
      const commit = { number, from: number === 1 ? "0-0" : "5-5", seq: next - 1 };
      await this.partition.store.commit(
        this.term,
        aCommit("5-5", { ...commit, history: { seq, ...texts } }),
      );
    }
  }
}

async function given(commits: number) {
  const { namespace, key } = newNamespace();
  const partition = await connected(server, { namespace });
  const writer = new Writer(partition, await lead(partition));
  await writer.write(commits);
  const { history } = partition;
  const seqs = async (range: HistoryRange) =>
    (await all(history.entries(range))).map(({ seq }) => seq);
  return { history, writer, seqs, key };
}

describe("entries", () => {
  test("come page by page, from any event on, to both sides", async () => {
    const { history, seqs } = await given(230);
    const kept = Array.from({ length: 230 }, (_, index) => seqOf(index + 1));
    const last = seqOf(231) - 1;
    expect(await seqs({})).toEqual(kept);
    expect(await seqs({ reverse: true })).toEqual(kept.toReversed());
    expect(await history.head()).toEqual({ seq: last, hash: "hash-230" });
    for (const from of [0, 1, 2, 3, 4, 5, 99, 100, 101, 102, 300, last - 1, last, last + 1, 1e9]) {
      const start = Math.max(
        kept.findLastIndex((seq) => seq <= from),
        0,
      );
      expect(await seqs({ from })).toEqual(from > last ? [] : kept.slice(start));
      const upTo = kept.filter((seq) => seq <= from);
      expect(await seqs({ from, reverse: true })).toEqual(upTo.toReversed());
    }
  });

  test("come as they are written, each once, until the signal aborts", async () => {
    const { history, writer } = await given(3);
    const controller = new AbortController();
    const live = history.entries({ from: seqOf(2), live: true, signal: controller.signal });
    const read: number[] = [];
    for await (const { seq } of live) {
      read.push(seq);
      if (read.length === 2) await writer.write(150);
      if (read.length === 152) setImmediate(() => controller.abort());
    }
    expect(read).toEqual(Array.from({ length: 152 }, (_, index) => seqOf(index + 2)));
  });

  test.each([
    ["fewer than were lost", 2],
    ["more than were lost", 9],
  ])("go on where Redis forgot some, when %s come then", async (_how, more) => {
    const { namespace, key } = newNamespace();
    const partition = await connected(server, { namespace });
    const term = await lead(partition);
    const writer = new Writer(partition, term);
    await writer.write(4);
    const keys = ["meta", "history"].map(key);
    for (const name of keys) await server.cli("COPY", name, `${name}:old`);
    await writer.write(5);
    const controller = new AbortController();
    const { signal } = controller;
    const live = partition.history.entries({ live: true, signal });
    const read: StoredEntry[] = [];
    for await (const entry of live) {
      read.push(entry);
      if (read.length === 9 + more) controller.abort();
      if (read.length !== 9) continue;
      const back = "for _, key in ipairs(KEYS) do redis.call('RENAME', key .. ':old', key) end";
      await server.cli("EVAL", back, "2", ...keys);
      await partition.lease.resign(term);
      const next = await lead(partition, "another");
      await new Writer(partition, next, 4, "another").write(more);
    }
    expect(read.slice(9).map(({ seq }) => seq)).toEqual(
      Array.from({ length: more }, (_, index) => seqOf(5 + index)),
    );
    expect(new Set(read.slice(9).map(({ epoch }) => epoch)).size).toBe(1);
    expect(read[9]?.epoch).toBeGreaterThan(term.epoch);
  });

  test.each([
    ["live", true],
    ["page by page", false],
  ])("that are trimmed before they could be read are missed: %s", async (_how, live) => {
    const { namespace } = newNamespace();
    const partition = await connected(server, { namespace });
    const term = await lead(partition);
    const writer = new Writer(partition, term);
    await writer.write(120);
    const read: number[] = [];
    const reading = (async () => {
      for await (const { seq } of partition.history.entries({ live })) {
        read.push(seq);
        if (read.length !== 100) continue;
        await writer.checkpoint("hash-120");
        await writer.write(1);
        await writer.checkpoint("hash-122", `${seqOf(121)}-121`);
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(HistoryError);
    await expect(reading).rejects.toThrow(
      `after event ${seqOf(100)} the history was trimmed faster than it was read: it goes on with event ${seqOf(121)}`,
    );
    expect(read).toHaveLength(100);
  });

  test("that are waited for fail when Redis is gone", async () => {
    const own = await startRedis();
    const { history } = await connected(own, { responseTimeoutMs: 300 });
    const reading = all(history.entries({ live: true }));
    const failed = expect(reading).rejects.toBeInstanceOf(BackendUnavailableError);
    await own[Symbol.asyncDispose]();
    await failed;
  });

  test("that somebody else wrote are named", async () => {
    const { history, key } = await given(2);
    await server.cli("XADD", key("history"), "*", "seq", "7", "text", "not ours");
    const reading = all(history.entries());
    await expect(reading).rejects.toBeInstanceOf(HistoryError);
    await expect(reading).rejects.toThrow("in Redis is none that slotstream wrote");
  });

  test("whose front is gone begin nowhere, and the rest can be read", async () => {
    const { history, seqs, key } = await given(9);
    await server.cli("XTRIM", key("history"), "MAXLEN", "=", "4");
    expect(await seqs({ from: 2 })).toEqual([6, 7, 8, 9].map(seqOf));
    const { ok, problem } = await verify(history.entries());
    expect({ ok, kind: problem?.kind, seq: problem?.seq }).toEqual({
      ...{ ok: false, kind: "begins-nowhere", seq: seqOf(6) },
    });
  });

  test("of a partition that has no data yet are none", async () => {
    const { history } = partitionOn(server, { namespace: newNamespace().namespace });
    expect(await all(history.entries({ from: 7 }))).toEqual([]);
    expect(await all(history.entries({ reverse: true }))).toEqual([]);
    expect(await history.head()).toEqual({ seq: 0, hash: "" });
    expect(await history.now()).toBeGreaterThan(Date.now() - 60_000);
  });
});
