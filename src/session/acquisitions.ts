/**
 * The acquisitions of a session, from the asking to the end: sends what they ask, tells each what the log
 * says of it, and asks again for what the log has lost.
 */

import type { AcquisitionEvent, Event, IgnoredEvent } from "../core/event.js";
import type { MachineCommand } from "../core/machine.js";
import { Records } from "../core/records.js";
import type { LossReason } from "../errors.js";
import type { AcquireRequest, Owner } from "./acquisition.js";
import type { Heartbeats } from "./heartbeats.js";
import { LiveAcquisition } from "./live-acquisition.js";
import type { LocalDeadlines } from "./local-deadlines.js";
import type { Logger } from "./logger.js";
import { isObserved, Observed } from "./observed.js";
import type { Sender } from "./sender.js";
import type { SessionPorts } from "./session.js";
import type { Standing } from "./standing.js";

const SILENT =
  "its process was silent longer than heartbeatMaxIntervalMs. Don't block the event loop, or raise the interval.";
const FORGOTTEN = "the data in Redis has forgotten it, after a restart or failover.";

export class Acquisitions implements Owner {
  lastHeartbeat = 0;
  /** Called when the last one has ended. */
  onIdle: (() => void) | undefined = undefined;
  /** Begins their ids. */
  private readonly prefix: string;
  private made = 0;
  /** The session says nothing any more. */
  private leaving = false;
  private readonly live = new Records<LiveAcquisition>();
  /** Held by a session that the log will not hear again. */
  private readonly orphans = new Set<Standing>();
  private readonly mirrored = new Set<LiveAcquisition>();
  /** Ids of what was asserted and not answered yet. */
  private readonly asserted = new Set<string>();

  constructor(
    private readonly ports: SessionPorts,
    private readonly sender: Sender,
    private readonly heartbeats: Heartbeats,
    private readonly deadlines: LocalDeadlines | undefined,
  ) {
    this.prefix = ports.ids();
  }

  /** How many hold or wait. */
  get size(): number {
    return this.live.size;
  }

  /** The log may not know yet of all that is held. */
  get isAsserting(): boolean {
    return this.asserted.size > 0;
  }

  get(id: string): LiveAcquisition | undefined {
    return this.live.get(id);
  }

  /** Those that the users of live ones gave. */
  loggers(): Set<Logger | undefined> {
    return new Set([...this.live.values()].map(({ request }) => request.logger));
  }

  /** Asks for a slot. */
  begin(request: AcquireRequest): LiveAcquisition {
    const id = this.nextId();
    const acquisition = new LiveAcquisition(id, request, this);
    this.live.add(id, acquisition);
    if (request.inspect) this.mirrored.add(acquisition);
    const intervalMs = request.terms.heartbeatMaxIntervalMs;
    if (intervalMs !== undefined) this.heartbeats.watch(intervalMs);
    this.deadlines?.asked(acquisition);
    if (isObserved()) acquisition.observed = this.observe(id, request);
    acquisition.start();
    return acquisition;
  }

  receive(event: AcquisitionEvent): void {
    if (event.type === "reasserted") this.asserted.delete(event.acquisition);
    const acquisition = this.live.get(event.acquisition);
    if (acquisition === undefined) {
      const holds = event.type === "granted" || event.type === "reasserted";
      if (holds) this.giveBack(event.acquisition);
      return;
    }
    if (event.type === "abandoned" && event.reason === "lost" && acquisition.isWanted) {
      this.askAgain(acquisition, event.at, SILENT);
      return;
    }
    if (event.type === "granted" && acquisition.isGranted) {
      // The log has forgotten the first grant, and what became of it.
      this.end(acquisition, "forgotten");
      this.giveBack(event.acquisition);
      return;
    }
    acquisition.receive(event);
    if (event.type === "granted") this.deadlines?.granted(acquisition, event.at);
    if (acquisition.hasEnded) this.forget(acquisition);
  }

  /** The session was heard, as this event says. */
  heard(seq: number): void {
    this.lastHeartbeat = seq;
    for (const acquisition of this.mirrored) acquisition.heartbeat();
  }

  /** Says what is held to a log that may have forgotten it. */
  reassert(): void {
    if (this.deadlines === undefined) return;
    this.asserted.clear();
    // Nobody may assert what he has lost by his own clock.
    this.deadlines.catchUp();
    for (const acquisition of this.live.values()) {
      const { held, id, request } = acquisition;
      if (held === undefined) continue;
      const { semaphore, value, terms } = request;
      const { ttlMs } = terms;
      const ttlLeftMs =
        ttlMs === undefined ? undefined : this.deadlines.longestLeftMs(acquisition, ttlMs);
      const hold = { semaphore, acquisition: id, ...held, value, terms, ttlLeftMs };
      this.asserted.add(id);
      this.sender.send({ type: "reassert", session: "", number: 0, ...hold });
    }
  }

  /** What was asserted again doesn't count: the slot may be somebody else's. */
  refuted(id: string, reason: IgnoredEvent["reason"]): void {
    this.asserted.delete(id);
    const acquisition = this.live.get(id);
    if (acquisition) this.end(acquisition, reason === "superseded" ? reason : "forgotten");
  }

  /** The log has forgotten the session: what it was given and didn't assert is lost, what waited waits again. */
  forgotten(): void {
    for (const acquisition of [...this.live.values()]) {
      if (!acquisition.isKnown || (this.deadlines && acquisition.held)) continue;
      if (acquisition.isGranted) this.end(acquisition, "forgotten");
      else this.askAgain(acquisition, this.sender.logTime(), FORGOTTEN);
    }
  }

  /** The log has forgotten the session before it heard of this one. */
  unheard(id: string): void {
    const acquisition = this.live.get(id);
    if (acquisition) this.askAgain(acquisition, this.sender.logTime(), FORGOTTEN);
  }

  /** Nobody will ever answer. What is held goes on until our own clock, its user or the end of the session ends it. */
  broken(reason: Error): void {
    this.asserted.clear();
    for (const acquisition of [...this.live.values()]) {
      if (acquisition.orphan(reason)) {
        this.orphans.add(acquisition);
        this.drop(acquisition);
      } else {
        this.forget(acquisition);
      }
    }
    this.deadlines?.orphaned();
  }

  /** The session says `leave`: then all slots may be somebody else's. In memory the log says so itself. */
  leave(): void {
    this.leaving = true;
    for (const orphan of this.orphans) orphan.leave();
    if (this.deadlines) for (const acquisition of this.live.values()) acquisition.leave();
  }

  /** The log will say nothing of any of them any more. */
  endAll(): void {
    for (const acquisition of [...this.live.values()]) this.end(acquisition, "closed");
  }

  emit(command: MachineCommand["type"], acquisition: LiveAcquisition): void {
    const { id, request } = acquisition;
    switch (command) {
      case "acquire": {
        const { semaphore, value, terms } = request;
        this.sender.send({
          type: "acquire",
          session: "",
          number: 0,
          semaphore,
          acquisition: id,
          value,
          terms,
        });
        return;
      }
      case "release":
        if (!acquisition.lost) this.deadlines?.awaits(acquisition);
        this.sender.send({ type: "release", session: "", number: 0, acquisition: id });
        return;
      case "cancel": {
        this.deadlines?.settled(acquisition);
        const reason = acquisition.hasTimedOut ? "timeout" : "cancelled";
        this.sender.send({ type: "cancel", session: "", number: 0, acquisition: id, reason });
        return;
      }
    }
  }

  remainingMs(acquisition: Standing, ttlMs: number): number {
    if (this.deadlines) return this.deadlines.remainingMs(acquisition, ttlMs);
    // No more than the whole TTL, should the clocks of two threads differ by a moment.
    return Math.min(ttlMs, Math.max(0, acquisition.grantedAt + ttlMs - this.ports.clock.now()));
  }

  events(acquisition: string): AsyncIterable<Event> {
    return this.ports.views.events({ acquisition });
  }

  catchUp(): void {
    this.deadlines?.catchUp();
  }

  async releaseById(acquisition: string): Promise<boolean> {
    if (this.leaving) return false;
    try {
      const answer = await this.sender.ask({
        type: "release",
        session: "",
        number: 0,
        acquisition,
      });
      return answer.type === "released";
    } catch {
      // Nobody can be told. The slot comes back when the log has not heard the session for long enough.
      return false;
    }
  }

  letGo(acquisition: Standing): void {
    this.orphans.delete(acquisition);
    this.deadlines?.ended(acquisition);
  }

  private observe(id: string, request: AcquireRequest): Observed {
    return new Observed(id, request, this.deadlines ? "redis" : "memory", this.ports.clock);
  }

  private nextId(): string {
    return `${this.prefix}-${++this.made}`;
  }

  /** Nobody wants the slot any more. */
  private giveBack(acquisition: string): void {
    if (!this.leaving) this.sender.send({ type: "release", session: "", number: 0, acquisition });
  }

  /**
   * The log does not know it any more. Asks for the same, under another id if the log may come to know the
   * first one yet.
   */
  private askAgain(acquisition: LiveAcquisition, at: number, why: string): void {
    if (!acquisition.isWanted || this.leaving) {
      this.end(acquisition, "closed");
      return;
    }
    if (this.deadlines === undefined && !acquisition.isKnown) {
      this.emit("acquire", acquisition);
      return;
    }
    this.live.delete(acquisition.id);
    const id = this.nextId();
    this.live.add(id, acquisition);
    acquisition.restart(id, at, why);
  }

  /** The log will say nothing of it any more. */
  private end(acquisition: LiveAcquisition, reason: LossReason): void {
    acquisition.forget(reason);
    this.forget(acquisition);
  }

  private forget(acquisition: LiveAcquisition): void {
    this.deadlines?.ended(acquisition);
    this.drop(acquisition);
  }

  private drop(acquisition: LiveAcquisition): void {
    this.live.delete(acquisition.id);
    const { inspect, terms } = acquisition.request;
    if (inspect) this.mirrored.delete(acquisition);
    const intervalMs = terms.heartbeatMaxIntervalMs;
    if (intervalMs !== undefined) this.heartbeats.unwatch(intervalMs);
    if (this.live.size === 0) this.onIdle?.();
  }
}
