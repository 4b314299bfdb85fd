/**
 * One client while it is connected: owns acquisitions, asks by commands, learns by events.
 * Knows the log only as a port, so memory, threads and Redis use the same session.
 */

import type { SessionCommand } from "../core/command.js";
import { answeredSession, type Event } from "../core/event.js";
import type { MachineCommand } from "../core/machine.js";
import { Records } from "../core/records.js";
import { ClosedError, ProtocolError } from "../errors.js";
import type { Clock, CommandLog, Ids, Inbox, Views } from "../ports.js";
import type { AcquireRequest, Owner } from "./acquisition.js";
import { Heartbeats } from "./heartbeats.js";
import { LiveAcquisition } from "./live-acquisition.js";

/** What a session stands on. */
export interface SessionPorts {
  readonly log: CommandLog & Views;
  readonly clock: Clock;
  readonly ids: Ids;
}

interface Answer {
  resolve(event: Event): void;
  reject(reason: unknown): void;
}

export class Session implements Inbox, Owner {
  lastHeartbeat = 0;
  closing = false;
  /** Its name in the log; empty until it says something, and again once the log has forgotten it. */
  private name = "";
  /** Number of its last command. */
  private number = 0;
  /** Begins the ids of its acquisitions. */
  private readonly prefix: string;
  private acquisitions = 0;
  private readonly live = new Records<LiveAcquisition>();
  private readonly mirrored = new Set<LiveAcquisition>();
  private answers = new Map<number, Answer>();
  private readonly heartbeats: Heartbeats;
  private closed: Promise<void> | undefined = undefined;
  private onIdle: (() => void) | undefined = undefined;

  constructor(private readonly ports: SessionPorts) {
    this.prefix = ports.ids();
    this.heartbeats = new Heartbeats(ports.clock, () => {
      this.send({ type: "heartbeat", session: "", number: 0 });
    });
  }

  /** Resolves with the slot. The reasons to reject are those of `Semaphore.acquire`. */
  acquire(request: AcquireRequest, signal?: AbortSignal): Promise<LiveAcquisition> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.closing) return Promise.reject(new ClosedError());
    return this.begin(request).granted(signal);
  }

  /** Resolves with `null` if no slot is free. */
  tryAcquire(request: AcquireRequest, signal?: AbortSignal): Promise<LiveAcquisition | null> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.closing) return Promise.reject(new ClosedError());
    return this.begin(request).attempted(signal);
  }

  /** Gives back a slot by its acquisition's id, also one that another session acquired. */
  async release(acquisition: string): Promise<boolean> {
    const own = this.live.get(acquisition);
    if (own) return own.release();
    const answer = await this.ask({ type: "release", session: "", number: 0, acquisition });
    return answer.type === "released";
  }

  /** `false` if it had that size already. */
  async resize(semaphore: string, declared: number, value: number): Promise<boolean> {
    const answer = await this.ask({
      type: "resize",
      session: "",
      number: 0,
      semaphore,
      value,
      declared,
    });
    return answer.type === "resized";
  }

  /** `false` if there was nothing to revoke. */
  async revoke(acquisition: string, force: boolean): Promise<boolean> {
    const answer = await this.ask({ type: "revoke", session: "", number: 0, acquisition, force });
    return answer.type !== "ignored";
  }

  /**
   * Refuses new work, lets go on for at most `drainMs` what is waiting or held, then leaves. A later
   * call with 0 ends the draining.
   */
  close(drainMs: number): Promise<void> {
    if (drainMs === 0) this.onIdle?.();
    this.closed ??= this.leave(drainMs);
    return this.closed;
  }

  private async leave(drainMs: number): Promise<void> {
    this.closing = true;
    if (drainMs > 0 && this.live.size > 0) await this.drained(drainMs);
    this.heartbeats.stop();
    if (this.name !== "") await this.ask({ type: "leave", session: "", number: 0 });
  }

  receive(event: Event): void {
    switch (event.type) {
      case "queued":
      case "granted":
      case "released":
      case "expired":
      case "abandoned":
      case "revoked": {
        const acquisition = this.live.get(event.acquisition);
        acquisition?.receive(event);
        if (acquisition?.hasEnded) this.forget(acquisition);
        break;
      }
      case "heartbeat":
        this.lastHeartbeat = event.seq;
        for (const acquisition of this.mirrored) acquisition.heartbeat();
        break;
      case "refused":
        this.refused(event.number, event.reason);
        break;
    }
    if (this.answers.size > 0 && answeredSession(event) === this.name) {
      this.answer(event.number ?? 0)?.resolve(event);
    }
  }

  forgotten(unanswered: readonly SessionCommand[]): void {
    const answers = this.answers;
    this.name = "";
    this.answers = new Map();
    for (const command of unanswered) {
      const answer = answers.get(command.number);
      this.send(command, answer);
    }
  }

  broken(reason: Error): void {
    for (const { reject } of this.answers.values()) reject(reason);
    this.name = "";
    this.answers.clear();
    for (const acquisition of this.live.values()) {
      acquisition.giveUp(reason);
      if (acquisition.state === "queued") this.forget(acquisition);
    }
  }

  emit(command: MachineCommand["type"], { id, request }: LiveAcquisition): void {
    switch (command) {
      case "acquire": {
        const { semaphore, value, terms } = request;
        this.send({
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
        this.send({ type: "release", session: "", number: 0, acquisition: id });
        return;
      case "cancel":
        this.send({ type: "cancel", session: "", number: 0, acquisition: id, reason: "cancelled" });
        return;
    }
  }

  now(): number {
    return this.ports.clock.now();
  }

  events(acquisition: string): AsyncIterable<Event> {
    return this.ports.log.events({ acquisition });
  }

  private begin(request: AcquireRequest): LiveAcquisition {
    const id = `${this.prefix}-${++this.acquisitions}`;
    const acquisition = new LiveAcquisition(id, request, this);
    this.live.add(id, acquisition);
    if (request.inspect) this.mirrored.add(acquisition);
    const intervalMs = request.terms.heartbeatMaxIntervalMs;
    if (intervalMs !== undefined) this.heartbeats.watch(intervalMs);
    acquisition.start();
    return acquisition;
  }

  private forget(acquisition: LiveAcquisition): void {
    this.live.delete(acquisition.id);
    const { inspect, terms } = acquisition.request;
    if (inspect) this.mirrored.delete(acquisition);
    const intervalMs = terms.heartbeatMaxIntervalMs;
    if (intervalMs !== undefined) this.heartbeats.unwatch(intervalMs);
    if (this.live.size === 0) this.onIdle?.();
  }

  /** Numbers the command and appends it. */
  private send(command: SessionCommand, answer?: Answer): void {
    if (this.name === "") {
      this.name = `${this.ports.clock.now()}-${this.ports.ids()}`;
      this.number = 0;
      this.ports.log.join(this.name, this);
    }
    command.session = this.name;
    command.number = ++this.number;
    if (answer) this.answers.set(command.number, answer);
    this.ports.log.append(command);
  }

  private ask(command: SessionCommand): Promise<Event> {
    if (this.closing && command.type !== "leave") return Promise.reject(new ClosedError());
    return new Promise((resolve, reject) => {
      this.send(command, { resolve, reject });
    });
  }

  private answer(number: number): Answer | undefined {
    const answer = this.answers.get(number);
    this.answers.delete(number);
    return answer;
  }

  private refused(number: number, reason: string): void {
    if (reason === "duplicate") return;
    this.broken(
      new ProtocolError(`command ${number} of session ${this.name} was refused: ${reason}.`),
    );
  }

  private drained(drainMs: number): Promise<void> {
    return new Promise((resolve) => {
      const alarm = this.ports.clock.alarm(resolve);
      alarm.keepAlive(true);
      alarm.set(this.ports.clock.now() + drainMs);
      this.onIdle = () => {
        alarm.clear();
        resolve();
      };
    });
  }
}
