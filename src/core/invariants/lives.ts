/** The life of each acquisition, as the events tell it: what can still happen to it, and when its time runs out. */

import type {
  AbandonedEvent,
  ExpiredEvent,
  GrantedEvent,
  QueuedEvent,
  ReassertedEvent,
  ReleasedEvent,
  RevokedEvent,
} from "../event.js";
import { isOlder } from "../refusal.js";
import type { State } from "../state.js";
import { check, type Line } from "./check.js";
import type { WitnessedTime } from "./time.js";

export interface WitnessedLife {
  readonly queued: QueuedEvent | ReassertedEvent;
  grant: GrantedEvent | ReassertedEvent | undefined;
  /** Steady time at which its wait or its TTL ends. */
  deadline: number;
}

export class WitnessedLives {
  private readonly live = new Map<string, WitnessedLife>();
  private readonly ended = new Set<string>();

  constructor(private readonly time: WitnessedTime) {}

  queued(event: QueuedEvent, line: Line): void {
    const id = event.acquisition;
    check(5, !this.live.has(id) && !this.ended.has(id), () => `${line()}: the id is not new`);
    const deadline = this.time.now + (event.terms.maxAcquireTimeMs ?? Infinity);
    this.live.set(id, { queued: event, grant: undefined, deadline });
  }

  granted(event: GrantedEvent, line: Line): void {
    const life = this.live.get(event.acquisition);
    check(7, life !== undefined, () => `${line()}: it is not alive`);
    check(5, life.grant === undefined, () => `${line()}: it was granted before`);
    life.grant = event;
    life.deadline = this.time.now + (life.queued.terms.ttlMs ?? Infinity);
  }

  /** Whether it was known to hold this. */
  reasserted(event: ReassertedEvent, line: Line): boolean {
    const known = this.live.get(event.acquisition);
    const grant = known?.grant;
    const isKnown = grant?.token === event.token && grant.slot === event.slot;
    check(5, grant === undefined || isKnown, () => `${line()}: it holds something else`);
    const { semaphore = event.semaphore, session } = known?.queued ?? {};
    check(5, event.semaphore === semaphore, () => `${line()}: it is on ${semaphore}`);
    check(10, event.from === session, () => `${line()}: it belonged to ${session}`);
    const isFormer = known !== undefined && isKnown && isOlder(event.session, known.queued.session);
    check(4, !isFormer, () => `${line()}: ${session} is the later one of the two`);
    const deadline = this.time.now + (event.ttlLeftMs ?? Infinity);
    this.live.set(event.acquisition, { queued: event, grant: event, deadline });
    return isKnown;
  }

  released(event: ReleasedEvent, line: Line): void {
    const asked = event.reason === "left" || event.number !== undefined;
    check(4, asked, () => `${line()}: nobody asked`);
    this.wasHeld(event, line);
  }

  revoked(event: RevokedEvent, line: Line): void {
    this.wasHeld(event, line);
  }

  /** That its session was silent is for others to judge. */
  expired(event: ExpiredEvent, line: Line): void {
    this.wasHeld(event, line);
    if (event.reason === "revoked") {
      check(4, event.number !== undefined, () => `${line()}: nobody asked`);
    } else if (event.reason === "ttl") {
      this.wasDue(event, (end) => `${line()}: its TTL ends at ${end}`);
    }
  }

  /** That its session was silent is for others to judge. */
  abandoned(event: AbandonedEvent, line: Line): void {
    const life = this.live.get(event.acquisition);
    check(4, life?.grant === undefined, () => `${line()}: it was held`);
    // The client's own clock may have ended the wait.
    if (event.reason !== "timeout" || event.number !== undefined) return;
    this.wasDue(event, (end) => `${line()}: it may wait until ${end}`);
  }

  get(acquisition: string): WitnessedLife | undefined {
    return this.live.get(acquisition);
  }

  /** It lives no more; what it was, unless it never waited. */
  end(acquisition: string): WitnessedLife | undefined {
    const life = this.live.get(acquisition);
    this.live.delete(acquisition);
    this.ended.add(acquisition);
    return life;
  }

  nobodyOutlivesItsTime(): void {
    for (const { queued, deadline } of this.live.values()) {
      const end = this.time.logTime(deadline);
      const over = this.time.now >= deadline;
      check(7, !over, () => `${queued.acquisition} outlived its deadline ${end}`);
    }
  }

  /** The state counts what the events made. */
  agreeWith(state: State): void {
    const waiting = [...this.live.values()].filter(({ grant }) => grant === undefined).length;
    check(10, state.waiting === waiting, () => `${waiting} wait, not ${state.waiting}`);
    check(10, state.acquisitions.size === this.live.size, () => `${this.live.size} live`);
  }

  private wasHeld({ acquisition }: { readonly acquisition: string }, line: Line): void {
    const held = this.live.get(acquisition)?.grant !== undefined;
    check(4, held, () => `${line()}: it was not held`);
  }

  private wasDue(
    { acquisition }: ExpiredEvent | AbandonedEvent,
    otherwise: (end: number) => string,
  ) {
    const deadline = this.live.get(acquisition)?.deadline ?? Infinity;
    const end = this.time.logTime(deadline);
    check(8, this.time.now >= deadline, () => otherwise(end));
  }
}
