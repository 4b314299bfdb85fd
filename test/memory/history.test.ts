/** The history of memory mode begins with a checkpoint once its front is cut off, and tells what the whole one would tell. */

import { describe, expect, test } from "vitest";
import { readHistory, verify } from "../../src/index.js";
import { LocalLog } from "../../src/memory/local-log.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import type { HistoryRange, StoredEntry } from "../../src/ports.js";
import { TestCoordinator } from "../../src/testing.js";
import { all } from "../contract/backend.js";

const RETENTION = 400;

/** Some hold, some wait, some time out, some ask in vain; always the same. */
async function used(coordinator: TestCoordinator, rounds: number): Promise<void> {
  const names = ["api", "blob", "mail"];
  const semaphores = names.map((name) => coordinator.semaphore({ name, value: 2, ttlMs: 900 }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, semaphore] of semaphores.entries()) {
      const acquired = semaphore.acquire({ maxAcquireTimeMs: 70, metadata: { round: `${round}` } });
      acquired.then(
        (slot) => (round + index) % 5 !== 0 && slot.release(),
        () => {},
      );
    }
    await semaphores[round % 3]?.tryAcquire();
    await semaphores[0]?.release("nobody");
    coordinator.clock.advance(round % 7 === 0 ? 40 : 5);
    await new Promise(setImmediate);
  }
}

/** One that is cut off and one that isn't, used in the same way. */
async function twins(rounds: number) {
  const cut = new TestCoordinator({ historyRetention: RETENTION });
  const whole = new TestCoordinator({ historyRetention: 1_000_000 });
  await used(cut, rounds);
  await used(whole, rounds);
  return { cut, whole };
}

async function entriesOf(coordinator: TestCoordinator): Promise<StoredEntry[]> {
  return all((await readHistory(coordinator.export())).entries);
}

describe("a history whose front was cut off", () => {
  test("verifies, and says that it is trimmed", async () => {
    const { cut, whole } = await twins(500);
    expect(await whole.verify()).toMatchObject({ ok: true, trimmed: false, first: 1 });
    const { first = 0, ...verification } = await cut.verify();
    expect(verification).toMatchObject({ ok: true, trimmed: true });
    expect(first).toBeGreaterThan(1_000);
  });

  test("has the same state at the moments that are kept", async () => {
    const { cut, whole } = await twins(500);
    const [first] = await all(cut.history({ limit: 1 }));
    const { seq: last } = await whole.replay();
    expect(last - (first?.seq ?? 0)).toBe(RETENTION - 1);
    for (let untilSeq = first?.seq ?? 0; untilSeq <= last; untilSeq += 7) {
      const [one, other] = [await cut.replay({ untilSeq }), await whole.replay({ untilSeq })];
      expect(JSON.stringify(one.state)).toBe(JSON.stringify(other.state));
    }
  });

  test("keeps not much more than it must", async () => {
    const { cut } = await twins(500);
    const events = (await entriesOf(cut)).flatMap((entry) => JSON.parse(entry.events));
    expect(events.length).toBeGreaterThanOrEqual(RETENTION);
    expect(events.length).toBeLessThanOrEqual(RETENTION + 3 * 128);
  });

  test("has the hashes that it had, as long as somebody who knew one can look for it", async () => {
    const coordinator = new TestCoordinator({ historyRetention: RETENTION });
    await used(coordinator, 200);
    const { head } = await coordinator.verify();
    const before = await entriesOf(coordinator);
    await used(coordinator, 60);
    const after = await entriesOf(coordinator);
    expect(after[0]?.seq).toBeGreaterThan(before[0]?.seq ?? Infinity);
    expect(await coordinator.verify({ head })).toMatchObject({ ok: true, trimmed: true });
    await used(coordinator, 300);
    expect(await coordinator.verify({ head })).toMatchObject({ ok: false });
  });

  test("cannot tell what was before it", async () => {
    const { cut } = await twins(500);
    await expect(cut.replay({ untilSeq: 7 })).rejects.toThrow("the history is kept from event");
  });
});

test("a checkpoint is made less often where there is more to be said in it", async () => {
  const coordinator = new TestCoordinator({ historyRetention: RETENTION });
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  for (let i = 0; i < 5_000; i++) semaphore.acquire().catch(() => {});
  const entries = await entriesOf(coordinator);
  const records = entries.flatMap(({ state }) =>
    state === undefined ? [] : JSON.parse(state).acquisitions.length,
  );
  const sum = records.reduce((a: number, b: number) => a + b, 0);
  expect(records.length).toBeGreaterThan(0);
  expect(sum).toBeLessThan(5_000);
  expect(await coordinator.verify()).toMatchObject({ ok: true });
  await coordinator.close();
});

test("where no event is kept, the state still is", async () => {
  const coordinator = new TestCoordinator({ historyRetention: 0 });
  await used(coordinator, 200);
  const slot = await coordinator.semaphore({ name: "other", value: 1 }).acquire();
  expect(await all(coordinator.history())).toEqual([]);
  expect((await coordinator.replay()).holders("other")).toMatchObject([{ id: slot.id }]);
  expect(await coordinator.verify()).toMatchObject({ ok: true, trimmed: true });
});

describe("entries can be read", () => {
  async function given() {
    const clock = new SimulatedClock(1_000);
    const log = new LocalLog(clock, { events: RETENTION, ageMs: Infinity });
    log.join("0-s", { receive: () => {}, forgotten: () => {}, broken: () => {} });
    let number = 0;
    const ask = (count: number) => {
      for (let i = 0; i < count; i++) {
        const by = { session: "1000-s", number: ++number };
        const [semaphore, acquisition] = ["api", `a${number}`];
        log.append({ type: "acquire", ...by, semaphore, acquisition, value: 1, terms: {} });
        log.append({ type: "release", session: "1000-s", number: ++number, acquisition });
      }
    };
    const seqs = async (range: HistoryRange) =>
      (await all(log.entries(range))).map(({ seq }) => seq);
    return { log, ask, seqs };
  }

  test("from any event on, to both sides", async () => {
    const { ask, seqs } = await given();
    expect(await seqs({})).toEqual([]);
    ask(300);
    const kept = await seqs({});
    expect(await seqs({ reverse: true })).toEqual(kept.toReversed());
    const [first = 0, last = 0] = [kept[0], kept.at(-1)];
    for (let from = first - 2; from <= last + 2; from++) {
      const start = Math.max(
        kept.findLastIndex((seq) => seq <= from),
        0,
      );
      expect(await seqs({ from })).toEqual(from > last ? [] : kept.slice(start));
      const upTo = kept.filter((seq) => seq <= from);
      expect(await seqs({ from, reverse: true })).toEqual(upTo.toReversed());
    }
  });

  test("as they come, also by who is slower than they go", async () => {
    const { log, ask } = await given();
    ask(1);
    const live = log.entries({ live: true });
    const read: StoredEntry[] = [];
    for await (const entry of live) {
      read.push(entry);
      if (read.length === 1) ask(1_000);
      if (read.length === 2_002) break;
    }
    expect(read.map(({ seq }) => seq).slice(0, 4)).toEqual([1, 3, 4, 6]);
    expect(await verify(read)).toMatchObject({ ok: true, first: 1, entries: 2_002 });
  });
});
