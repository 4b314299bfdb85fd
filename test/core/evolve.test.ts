/** `evolve` applies what an event says; it decides nothing, and refuses what cannot be. */

import { expect, test } from "vitest";
import { decide } from "../../src/core/decide.js";
import type { Event } from "../../src/core/event.js";
import { evolve } from "../../src/core/evolve.js";
import { State } from "../../src/core/state.js";
import { acquire, reassert } from "../support/commands.js";
import { bytesOf, Partition } from "../support/partition.js";

const about = { seq: 1, at: 0, semaphore: "api", acquisition: "ghost", session: "0-s" };

test.each<Event>([
  { ...about, type: "granted", slot: 0, token: 1 },
  { ...about, type: "released", reason: "left" },
  { ...about, type: "expired", reason: "ttl" },
  { ...about, type: "revoked", number: 1 },
])("an event about an acquisition that is not live is a mistake: $type", (event) => {
  expect(() => evolve(new State(), event)).toThrow(
    "slotstream is broken: an event about an acquisition that is not live. Please report this.",
  );
});

test("only the end of what was never queued is no mistake: it was turned away", () => {
  const state = new State();
  const counts = { declared: 1, effective: 1, held: 1, queued: 0 };
  evolve(state, { ...about, ...counts, type: "abandoned", reason: "busy", number: 1 });
  expect(state.acquisitions.size).toBe(0);
  expect(state.sessions.get("0-s")?.applied).toBe(1);
});

test("what is asserted again need not be live, nor need its semaphore or session be known", () => {
  const state = new State();
  const hold = { value: 3, slot: 1, token: 7, queuedAt: 4, grantedAt: 5, terms: {} };
  evolve(state, { ...about, ...hold, type: "reasserted", number: 1 });
  expect(state.acquisitions.get("ghost")).toMatchObject({
    sequence: 1,
    queuedAt: 4,
    grant: { slot: 1, token: 7, at: 5 },
  });
  expect(state.semaphores.get("api")).toMatchObject({ declared: 3, effective: 3 });
  expect(state.sessions.get("0-s")?.applied).toBe(1);
  expect(state.token).toBe(7);
});

test("`decide` changes nothing, whatever is asserted again", () => {
  const partition = new Partition().given(acquire("a"), acquire("b"));
  partition.lead({ type: "restart", pauseMs: 9_000 });
  const before = partition.bytes();
  const decided = (token: number) =>
    decide(partition.state, { ...reassert("c", { slot: 0, token }), number: 3 }, 500);
  expect(decided(0)).toMatchObject({ type: "ignored", reason: "superseded" });
  expect(decided(2)).toMatchObject({ type: "expired", reason: "superseded" });
  expect(partition.bytes()).toBe(before);
});

test("`decide` changes nothing", () => {
  const { state } = new Partition().given(acquire("a", { ttlMs: 1_000 }), acquire("b"));
  const before = bytesOf(state);
  const command = { type: "release", acquisition: "a", session: "0-s", number: 3 } as const;
  expect(decide(state, command, 500)).toMatchObject({ type: "released" });
  expect(decide(state, command, 1_000)).toMatchObject({ type: "expired" });
  expect(decide(state, { type: "tick" }, 0)).toBeUndefined();
  expect(bytesOf(state)).toBe(before);
});
