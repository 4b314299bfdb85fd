/** `evolve` applies what an event says; it decides nothing, and refuses what cannot be. */

import { expect, test } from "vitest";
import { decide } from "../../src/core/decide.js";
import type { Event } from "../../src/core/event.js";
import { evolve } from "../../src/core/evolve.js";
import { State } from "../../src/core/state.js";
import { acquire } from "../support/commands.js";
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

test("`decide` changes nothing", () => {
  const { state } = new Partition().given(acquire("a", { ttlMs: 1_000 }), acquire("b"));
  const before = bytesOf(state);
  const command = { type: "release", acquisition: "a", session: "0-s", number: 3 } as const;
  expect(decide(state, command, 500)).toMatchObject({ type: "released" });
  expect(decide(state, command, 1_000)).toMatchObject({ type: "expired" });
  expect(decide(state, { type: "tick" }, 0)).toBeUndefined();
  expect(bytesOf(state)).toBe(before);
});
