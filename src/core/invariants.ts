/**
 * What must always be true, as executable prose. A witness watches a partition step by step
 * with a model of its own, fed by events alone, and throws at the first thing that is wrong.
 * The numbers are those of docs/ARCHITECTURE.md, "What always holds".
 */

import type { Command } from "./command.js";
import { nextDeadline } from "./deadlines.js";
import { describeCommand, describeEvent, describeState, duration } from "./describe.js";
import {
  type AbandonedEvent,
  answeredSession,
  type Event,
  type ExpiredEvent,
  type GrantedEvent,
  type QueuedEvent,
} from "./event.js";
import { REMEMBER_MS, type State } from "./state.js";

export class InvariantError extends Error {
  override readonly name = "InvariantError";

  constructor(
    /** Which of the invariants broke. */
    readonly invariant: number,
    what: string,
  ) {
    super(`invariant ${invariant}: ${what}`);
  }
}

interface Seen {
  readonly queued: QueuedEvent;
  grant: GrantedEvent | undefined;
  /** Steady time at which its wait or its TTL ends. */
  deadline: number;
}

interface SeenSemaphore {
  declared: number;
  effective: number;
  /** Ids in order of the log. */
  readonly waiting: Set<string>;
  /** Ids by slot. */
  readonly held: Map<number, string>;
}

export class Witness {
  private at = 0;
  /** Steady time: log time without the jumps in it. All that follows is kept in it. */
  private now = 0;
  private shiftMs = 0;
  private pausedUntil = 0;
  private seq = 0;
  private token = 0;
  private readonly live = new Map<string, Seen>();
  private readonly ended = new Set<string>();
  private readonly semaphores = new Map<string, SeenSemaphore>();
  private readonly applied = new Map<string, number>();
  private readonly heardAt = new Map<string, number>();
  private readonly gaps: { readonly at: number; readonly gapMs: number }[] = [];

  /** Call after every step, with the state as it is then. Throws `InvariantError`. */
  observe(command: Command, events: readonly Event[], state: State): void {
    const answers = events.filter((event) => isAnswer(event, command)).length;
    const expected = command.type === "tick" ? 0 : 1;
    check(5, answers === expected, () => `${answers} answers to ${describeCommand(command)}`);
    const jump = events.findLastIndex(({ type }) => type === "rebased");
    check(8, jump <= 0, () => `#${events[jump]?.seq} rebased: what came before was judged without`);
    for (const event of events) this.follow(event);
    this.nothingIsLeftToDo();
    this.agreesWith(state);
  }

  private follow(event: Event): void {
    const line = () => `#${event.seq} ${describeEvent(event)}`;
    check(8, event.at >= this.at, () => `${line()}: log time went back from ${this.at}`);
    check(10, event.seq === this.seq + 1, () => `${line()}: a gap after #${this.seq}`);
    if (event.type === "rebased") {
      const passedMs = event.at - this.at;
      check(
        8,
        event.byMs >= 0 && event.byMs <= passedMs,
        () => `${line()} of ${duration(passedMs)}`,
      );
      this.shiftMs += event.byMs;
    }
    this.at = event.at;
    this.now = event.at - this.shiftMs;
    this.seq = event.seq;
    this.hear(event, line);
    switch (event.type) {
      case "queued":
        this.queued(event, line);
        return;
      case "granted":
        this.granted(event, line);
        return;
      case "released":
        check(
          4,
          event.reason === "left" || event.number !== undefined,
          () => `${line()}: nobody asked`,
        );
        check(
          4,
          this.live.get(event.acquisition)?.grant !== undefined,
          () => `${line()}: it was not held`,
        );
        this.end(event.acquisition);
        return;
      case "expired":
        this.expired(event, line);
        this.end(event.acquisition);
        return;
      case "abandoned":
        this.abandoned(event, line);
        this.end(event.acquisition);
        return;
      case "revoked":
        check(
          4,
          this.live.get(event.acquisition)?.grant !== undefined,
          () => `${line()}: it was not held`,
        );
        return;
      case "declared":
      case "resized": {
        const semaphore = this.semaphore(
          event.semaphore,
          event.type === "declared" ? event.value : event.declared,
        );
        const follows = semaphore.effective === semaphore.declared;
        if (event.type === "resized") semaphore.effective = event.effective;
        else if (follows) semaphore.effective = event.value;
        if (event.type === "declared") semaphore.declared = event.value;
        return;
      }
      case "resumed":
        this.gaps.push({ at: this.now, gapMs: event.gapMs });
        return;
      case "restarted": {
        const end = event.pausedUntil - this.shiftMs;
        const least = Math.max(this.now, this.pausedUntil);
        check(1, end >= least, () => `${line()}: grants paused until ${this.logTime(least)}`);
        this.pausedUntil = end;
        return;
      }
      case "swept":
        for (const name of event.semaphores) {
          const semaphore = this.semaphores.get(name);
          const used = semaphore && semaphore.held.size + semaphore.waiting.size > 0;
          check(7, !used, () => `${line()}: ${name} was in use`);
          this.semaphores.delete(name);
        }
        for (const session of event.sessions) {
          const until = (this.heardAt.get(session) ?? Infinity) + REMEMBER_MS;
          check(
            8,
            this.now >= until,
            () => `${line()}: ${session} is remembered until ${this.logTime(until)}`,
          );
          this.applied.delete(session);
        }
        return;
      case "heartbeat":
      case "left":
      case "ignored":
      case "refused":
      case "rebased":
      case "ticked":
        return;
    }
  }

  /** A session's commands take effect once each, in the order of their numbers. */
  private hear(event: Event, line: () => string): void {
    const session = answeredSession(event);
    if (session === undefined || !("number" in event) || event.number === undefined) return;
    const expected = (this.applied.get(session) ?? 0) + 1;
    if (event.type === "refused") {
      const next = this.applied.has(session) && event.number === expected;
      check(5, !next, () => `${line()}: it was the session's next`);
      return;
    }
    check(5, event.number === expected, () => `${line()}: number ${expected} was expected`);
    this.applied.set(session, event.number);
    this.heardAt.set(session, this.now);
  }

  private queued(event: QueuedEvent, line: () => string): void {
    const id = event.acquisition;
    check(5, !this.live.has(id) && !this.ended.has(id), () => `${line()}: the id is not new`);
    const deadline = this.now + (event.terms.maxAcquireTimeMs ?? Infinity);
    this.live.set(id, { queued: event, grant: undefined, deadline });
    this.semaphore(event.semaphore, event.value).waiting.add(id);
  }

  private granted(event: GrantedEvent, line: () => string): void {
    const id = event.acquisition;
    const seen = this.live.get(id);
    check(7, seen !== undefined, () => `${line()}: it is not alive`);
    check(5, seen.grant === undefined, () => `${line()}: it was granted before`);
    const semaphore = this.semaphore(event.semaphore, 0);
    const pauseEnd = this.logTime(this.pausedUntil);
    check(1, this.now >= this.pausedUntil, () => `${line()}: grants pause until ${pauseEnd}`);
    check(
      1,
      semaphore.held.size < semaphore.effective,
      () => `${line()}: ${semaphore.held.size} of ${semaphore.effective} are held`,
    );
    check(
      2,
      event.slot < semaphore.effective,
      () => `${line()}: there are ${semaphore.effective} slots`,
    );
    check(
      2,
      !semaphore.held.has(event.slot),
      () => `${line()}: ${semaphore.held.get(event.slot)} holds it`,
    );
    check(2, event.slot === lowestFree(semaphore.held), () => `${line()}: a lower slot is free`);
    check(3, event.token > this.token, () => `${line()}: the last token was ${this.token}`);
    const [head] = semaphore.waiting;
    check(6, head === id, () => `${line()}: ${head} was first in the queue`);
    this.token = event.token;
    seen.grant = event;
    seen.deadline = this.now + (seen.queued.terms.ttlMs ?? Infinity);
    semaphore.waiting.delete(id);
    semaphore.held.set(event.slot, id);
  }

  private expired(event: ExpiredEvent, line: () => string): void {
    const seen = this.live.get(event.acquisition);
    check(4, seen?.grant !== undefined, () => `${line()}: it was not held`);
    if (event.reason === "revoked") {
      check(4, event.number !== undefined, () => `${line()}: nobody asked`);
    } else if (event.reason === "ttl") {
      const deadline = this.deadlineOf(event.acquisition);
      const end = this.logTime(deadline);
      check(8, this.now >= deadline, () => `${line()}: its TTL ends at ${end}`);
    } else {
      this.wasSilent(seen, line);
    }
  }

  private abandoned(event: AbandonedEvent, line: () => string): void {
    const seen = this.live.get(event.acquisition);
    check(4, seen?.grant === undefined, () => `${line()}: it was held`);
    if (event.reason === "lost") {
      this.wasSilent(seen, line);
    } else if (event.reason === "timeout" && event.number === undefined) {
      const deadline = this.deadlineOf(event.acquisition);
      const end = this.logTime(deadline);
      check(8, this.now >= deadline, () => `${line()}: it may wait until ${end}`);
    }
  }

  private wasSilent(seen: Seen | undefined, line: () => string): void {
    const interval = seen?.queued.terms.heartbeatMaxIntervalMs ?? Infinity;
    const heard = this.heardAt.get(seen?.queued.session ?? "") ?? 0;
    const resumed = this.gaps.find(({ at, gapMs }) => at > heard && gapMs > interval)?.at ?? 0;
    const deadline = Math.max(heard, resumed) + interval;
    const end = this.logTime(deadline);
    check(8, this.now >= deadline, () => `${line()}: its session has until ${end}`);
  }

  private end(id: string): void {
    const seen = this.live.get(id);
    this.live.delete(id);
    this.ended.add(id);
    const semaphore = this.semaphores.get(seen?.queued.semaphore ?? "");
    semaphore?.waiting.delete(id);
    if (seen?.grant) semaphore?.held.delete(seen.grant.slot);
  }

  private deadlineOf(id: string): number {
    return this.live.get(id)?.deadline ?? Infinity;
  }

  private logTime(steady: number): number {
    return steady + this.shiftMs;
  }

  private semaphore(name: string, value: number): SeenSemaphore {
    const known = this.semaphores.get(name);
    if (known) return known;
    const semaphore = {
      declared: value,
      effective: value,
      waiting: new Set<string>(),
      held: new Map(),
    };
    this.semaphores.set(name, semaphore);
    return semaphore;
  }

  /** After a step no time has run out unnoticed, and nobody waits beside a free slot, unless grants pause. */
  private nothingIsLeftToDo(): void {
    for (const { queued, deadline } of this.live.values()) {
      const end = this.logTime(deadline);
      check(7, this.now < deadline, () => `${queued.acquisition} outlived its deadline ${end}`);
    }
    if (this.now < this.pausedUntil) return;
    for (const [name, { held, effective, waiting }] of this.semaphores) {
      const stuck = waiting.size > 0 && held.size < effective;
      check(
        11,
        !stuck,
        () => `${name}: ${held.size} of ${effective} held, but ${waiting.size} wait`,
      );
    }
  }

  /** The state, its indexes included, is what the events say. */
  private agreesWith(state: State): void {
    const told = [...this.semaphores]
      .map(([name, { declared, effective, held, waiting }]) => [
        name,
        declared,
        effective,
        [...held].sort(),
        [...waiting],
      ])
      .sort();
    const kept = [...state.semaphores.values()]
      .map(({ name, declared, effective, holders, queue }) => [
        name,
        declared,
        effective,
        [...holders].map(({ id, grant }) => [grant?.slot, id]).sort(),
        [...queue].map(({ id }) => id),
      ])
      .sort();
    const [expected, actual] = [JSON.stringify(told), JSON.stringify(kept)];
    check(10, expected === actual, () => `${describeState(state)} is not ${expected}`);
    for (const { name, slots } of state.semaphores.values()) {
      const free = lowestFree(this.semaphore(name, 0).held);
      check(2, slots.lowestFree() === free, () => `${name}: slot ${free} is free`);
    }
    const waiting = [...this.live.values()].filter(({ grant }) => grant === undefined).length;
    check(10, state.waiting === waiting, () => `${waiting} wait, not ${state.waiting}`);
    check(10, state.acquisitions.size === this.live.size, () => `${this.live.size} live`);
    check(
      8,
      (nextDeadline(state) ?? Infinity) > state.at,
      () => `overdue: ${describeState(state)}`,
    );
  }
}

/** A session's command is answered under its number, one of the leader's own by what only it can cause. */
function isAnswer(event: Event, command: Command): boolean {
  switch (command.type) {
    case "acquire":
    case "release":
    case "cancel":
    case "heartbeat":
    case "leave":
    case "resize":
    case "revoke":
      return answeredSession(event) === command.session && event.number === command.number;
    case "rebase":
      return event.type === "rebased";
    case "restart":
      return event.type === "restarted";
    case "tick":
      return event.type === "rebased" || event.type === "restarted";
  }
}

function lowestFree(held: ReadonlyMap<number, string>): number {
  let slot = 0;
  while (held.has(slot)) slot++;
  return slot;
}

function check(invariant: number, holds: boolean, otherwise: () => string): asserts holds {
  if (!holds) throw new InvariantError(invariant, otherwise());
}
