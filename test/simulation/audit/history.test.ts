/** What was tampered with in the history or the records is noticed. */

import { expect, test } from "vitest";
import { simulate } from "../simulate.js";
import { HistoryAudit } from "./history.js";

/** A world in which nothing goes wrong, and its data at the end. */
const world = await simulate({
  seed: 5,
  plan: { faults: {}, retention: { events: 10_000, ageMs: Infinity } },
});
const { data } = world.redis;

function reader(): HistoryAudit {
  return new HistoryAudit(() => {});
}

test("the whole history is read, and leads to what is stored", () => {
  const audit = reader();
  expect(audit.follow(data.history).length).toBeGreaterThan(100);
  expect(() => audit.compare(data)).not.toThrow();
});

test("an entry that is missing leaves a gap", () => {
  const gap = data.history.toSpliced(10, 1);
  expect(() => reader().follow(gap)).toThrow(/invariant 12: a gap/);
});

test("an entry that was changed has another hash", () => {
  const changed = data.history.map((record, index) =>
    index === 10 ? { ...record, epoch: record.epoch + 1 } : record,
  );
  expect(() => reader().follow(changed)).toThrow(/invariant 10: the hash/);
});

test("what is trimmed while it is read is not missed", () => {
  const audit = reader();
  audit.follow(data.history.slice(0, 20));
  audit.follow(data.history.slice(15));
  expect(() => audit.compare(data)).not.toThrow();
});

test("data that is older leads to an older state, and its history must be whole", () => {
  const audit = reader();
  audit.follow(data.history);
  const older = data.history.slice(0, 20);
  const meta = data.meta && { ...data.meta, head: older.at(-1)?.hash ?? "" };
  const rewound = audit.rewoundTo({ ...data, meta, history: older });
  expect(rewound.state.seq).toBeLessThan(audit.state.seq);
  const damaged = { ...data, meta, history: older.toSpliced(3, 1) };
  expect(() => audit.rewoundTo(damaged)).toThrow(/invariant 12: the history has a gap/);
});

test("a field that is missing is noticed, unless somebody deleted it", () => {
  const [session = ""] = data.sessions.keys();
  const sessions = new Map(data.sessions);
  sessions.delete(session);
  const audit = reader();
  audit.follow(data.history);
  expect(() => audit.compare({ ...data, sessions })).toThrow(/invariant 10/);
  audit.losses.add("sessions", session);
  expect(() => audit.compare({ ...data, sessions })).not.toThrow();
});

test("a message that tells something else is noticed", () => {
  const audit = reader();
  audit.follow(data.history);
  const events = [{ seq: 1, at: 0, type: "left", session: "0-s", number: 1 }];
  const text = JSON.stringify({ id: "1-1", after: "0-0", applied: 1, events });
  const told = new Map(data.told).set("0-s\n1-1", text);
  expect(() => audit.compare({ ...data, told })).toThrow(/invariant 13: a message/);
});
