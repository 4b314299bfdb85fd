/**
 * Lies for the witness: an honest partition takes a last step, what is told of it is doctored,
 * and the witness must object.
 */

import { expect, test } from "vitest";
import { type Command, type LeaderCommand, TICK } from "../../src/core/command.js";
import type { Event } from "../../src/core/event.js";
import { InvariantError } from "../../src/core/invariants.js";
import type { State } from "../../src/core/state.js";
import { step } from "../../src/core/step.js";
import { type Ask, acquire, release } from "./commands.js";
import { Partition } from "./partition.js";

export interface Lie {
  /** What the partition went through honestly. */
  readonly given?: (partition: Partition) => void;
  /** The last step; a tick if absent. */
  readonly when?: Ask | LeaderCommand;
  /** What is told instead of what followed. */
  readonly told?: Doctor;
  /** What is done to the state behind the back of the events. */
  readonly tampered?: (state: State) => void;
}

type Doctor = (events: Event[], next: { seq: number; at: number }) => Event[];

/** A table row: what is claimed, which invariant it breaks, what the witness says. */
export type LieRow = readonly [claim: string, invariant: number, says: string, lie: Lie];

/** A test for each: the witness objects, and says so. */
export function findsOut(lies: readonly LieRow[]): void {
  test.each(lies)("%s breaks invariant %i: %s", (_claim, invariant, says, lie) => {
    const objection = objectionTo(lie);
    expect(objection.message).toContain(says);
    expect(objection.invariant).toBe(invariant);
  });
}

/** What the witness says to the lie. */
export function objectionTo({ given, when = TICK, told, tampered }: Lie): InvariantError {
  const partition = new Partition();
  given?.(partition);
  const next = { seq: partition.state.seq + 1, at: partition.now };
  const command: Command = "session" in when ? partition.numbered(when) : when;
  const events = step(partition.state, command, partition.now);
  tampered?.(partition.state);
  try {
    partition.witness.observe(command, told?.(events, next) ?? events, partition.state);
  } catch (error) {
    if (error instanceof InvariantError) return error;
    throw error;
  }
  throw new Error("the witness believed it");
}

type Told<T> = T extends Event ? Omit<T, "seq" | "at"> & { at?: number } : never;

/** An event that never happened, in the place of what did. */
export function invented(event: Told<Event>): Doctor {
  return (_events, next) => [{ ...next, ...event }];
}

/** Events of one type, told with other fields. */
export function altered<T extends Event["type"]>(
  type: T,
  change: Partial<Extract<Event, { type: T }>>,
): Doctor {
  return (events) =>
    events.map((event) => (event.type === type ? Object.assign({ ...event }, change) : event));
}

/** Events of one type are kept secret. */
export function hidden(type: Event["type"]): Doctor {
  return (events) => events.filter((event) => event.type !== type);
}

/** `a` holds the only slot. */
export function held(partition: Partition): void {
  partition.given(acquire("a"));
}

/** `a` was held and is given back. */
export function givenBack(partition: Partition): void {
  partition.given(acquire("a"), release("a"));
}

/** `a` holds the only slot, `b` waits for it. */
export function contended(partition: Partition): void {
  partition.given(acquire("a"), acquire("b", { by: "0-t" }));
}

/** The same; either ends at 9 s by its own time, or after 5 s of silence. */
export function timed(partition: Partition): void {
  const heartbeatMaxIntervalMs = 5_000;
  partition.given(
    acquire("a", { heartbeatMaxIntervalMs, ttlMs: 9_000 }),
    acquire("b", { heartbeatMaxIntervalMs, maxAcquireTimeMs: 9_000, by: "0-t" }),
  );
}

/** The clock jumped an hour ahead, and a second has passed. */
export function jumped(partition: Partition): void {
  timed(partition);
  partition.at(3_601_000).lead({ type: "rebase", byMs: 3_600_000 });
}

/** Grants pause for 15 s; `a` is given back in the meantime, so that only the pause keeps `b` waiting. */
export function paused(partition: Partition): void {
  contended(partition);
  partition.lead({ type: "restart", pauseMs: 15_000 });
  partition.given(release("a"));
}

/** `a` holds one of two slots, and grants pause for 15 s. */
export function restarted(partition: Partition): void {
  partition.given(acquire("a", { value: 2 }));
  partition.lead({ type: "restart", pauseMs: 15_000 });
}

/** For events about `a` and about `b`. */
export const ofA = { semaphore: "api", acquisition: "a", session: "0-s" } as const;
export const ofB = { semaphore: "api", acquisition: "b", session: "0-t" } as const;

/** For what `b` says to hold, under its session's first number: what `a` holds, a little later. */
export const assertedByB = {
  ...ofB,
  type: "reasserted",
  number: 1,
  value: 2,
  slot: 0,
  token: 2,
  queuedAt: 0,
  grantedAt: 0,
  terms: {},
} as const;

/** For events that say how full the semaphore was. */
export const full = { declared: 1, effective: 1, held: 1, queued: 1 } as const;
