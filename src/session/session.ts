/**
 * One client while it is connected: owns acquisitions, asks by commands, learns by events.
 * Knows the log only as a port, so memory, threads and Redis use the same session.
 */

import type { SessionCommand } from "../core/command.js";
import { type AcquisitionEvent, answeredSession, type Event } from "../core/event.js";
import type { MachineCommand } from "../core/machine.js";
import { Records } from "../core/records.js";
import { ClosedError, type LossReason, ProtocolError } from "../errors.js";
import type { Clock, CommandLog, Ids, Inbox, Views } from "../ports.js";
import type { AcquireRequest, Owner } from "./acquisition.js";
import type { Attendant, Distant } from "./distant.js";
import { type Heart, Heartbeats } from "./heartbeats.js";
import { LiveAcquisition } from "./live-acquisition.js";
import { LocalDeadlines } from "./local-deadlines.js";
import { log } from "./logger.js";
import { type Question, Questions } from "./questions.js";

/** What a session stands on. */
export interface SessionPorts {
  readonly log: CommandLog;
  readonly views: Views;
  readonly clock: Clock;
  readonly ids: Ids;
  /** There if the log is elsewhere, and may not answer. */
  readonly distant?: Distant | undefined;
}

const SILENT =
  "its process was silent longer than heartbeatMaxIntervalMs. Don't block the event loop, or raise the interval.";
const FORGOTTEN = "the data in Redis has forgotten it, after a restart or failover.";

export class Session implements Inbox, Owner, Heart, Attendant {
  lastHeartbeat = 0;
  closing = false;
  /** `leave` is its last word. */
  private leaving = false;
  /** Its name in the log; empty until it says something, and again once the log has forgotten it. */
  private name = "";
  /** Number of its last command. */
  private number = 0;
  /** Begins the ids of its acquisitions. */
  private readonly prefix: string;
  private acquisitions = 0;
  private readonly live = new Records<LiveAcquisition>();
  private readonly mirrored = new Set<LiveAcquisition>();
  private readonly questions = new Questions();
  private readonly heartbeats: Heartbeats;
  private readonly deadlines: LocalDeadlines | undefined;
  private closed: Promise<void> | undefined = undefined;
  private onIdle: (() => void) | undefined = undefined;

  constructor(private readonly ports: SessionPorts) {
    const { clock, distant } = ports;
    this.prefix = ports.ids();
    this.heartbeats = new Heartbeats(clock, this);
    this.deadlines = distant && new LocalDeadlines(clock, distant);
    distant?.attend(this);
  }

  /** It holds something, or waits for something. */
  get isBusy(): boolean {
    return this.live.size > 0 || this.questions.size > 0;
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

  /** `false` if it had that size already, or is not known and was not declared. */
  async resize(semaphore: string, declared: number | undefined, value: number): Promise<boolean> {
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
    this.leaving = true;
    if (this.name === "") return this.endAll();
    if (this.deadlines) for (const acquisition of this.live.values()) acquisition.leave();
    try {
      await this.ask({ type: "leave", session: "", number: 0 });
    } catch (error) {
      // Whoever cannot be told learns it from our silence, whatever the reason is.
      if (this.deadlines === undefined) throw error;
      this.endAll();
    }
  }

  receive(event: Event): void {
    switch (event.type) {
      case "queued":
      case "granted":
      case "released":
      case "expired":
      case "abandoned":
      case "revoked":
        this.inform(event);
        break;
      case "heartbeat":
        this.lastHeartbeat = event.seq;
        for (const acquisition of this.mirrored) acquisition.heartbeat();
        break;
      case "refused":
        this.refused(event.number, event.reason);
        break;
    }
    if (this.questions.size > 0 && answeredSession(event) === this.name) {
      this.questions.answer(event);
    }
  }

  forgotten(unanswered: readonly SessionCommand[]): void {
    const questions = this.questions.takeAll();
    this.name = "";
    for (const acquisition of [...this.live.values()]) {
      if (!acquisition.isKnown) continue;
      if (acquisition.isGranted) this.end(acquisition, "forgotten");
      else this.askAgain(acquisition, this.logTime(), FORGOTTEN);
    }
    for (const command of unanswered) {
      const question = questions.get(command.number);
      const asked = command.type === "acquire" && this.live.get(command.acquisition);
      if (question) this.send(question.command, question);
      else if (asked) this.askAgain(asked, this.logTime(), FORGOTTEN);
    }
  }

  broken(reason: Error): void {
    this.questions.fail(reason);
    this.name = "";
    for (const acquisition of [...this.live.values()]) {
      if (acquisition.isGranted) {
        acquisition.endRelease();
      } else {
        acquisition.giveUp(reason);
        this.forget(acquisition);
      }
    }
    this.deadlines?.orphaned();
  }

  emit(command: MachineCommand["type"], acquisition: LiveAcquisition): void {
    const { id, request } = acquisition;
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
        if (!acquisition.lost) this.deadlines?.awaits(acquisition);
        this.send({ type: "release", session: "", number: 0, acquisition: id });
        return;
      case "cancel": {
        this.deadlines?.settled(acquisition);
        const reason = acquisition.hasTimedOut ? "timeout" : "cancelled";
        this.send({ type: "cancel", session: "", number: 0, acquisition: id, reason });
        return;
      }
    }
  }

  remainingMs(acquisition: LiveAcquisition, ttlMs: number): number {
    if (this.deadlines) return this.deadlines.remainingMs(acquisition, ttlMs);
    // No more than the whole TTL, should the clocks of two threads differ by a moment.
    return Math.min(ttlMs, Math.max(0, acquisition.grantedAt + ttlMs - this.ports.clock.now()));
  }

  events(acquisition: string): AsyncIterable<Event> {
    return this.ports.views.events({ acquisition });
  }

  beat(isLate: boolean): boolean {
    // What is still to be written will do for a heartbeat; and nobody needs one of a session without a name.
    if (this.name === "" || (!isLate && this.ports.distant?.isBehind)) return false;
    this.send({ type: "heartbeat", session: "", number: 0 });
    return true;
  }

  late(ms: number): void {
    const loggers = new Set([...this.live.values()].map(({ request }) => request.logger));
    const message = `the event loop was blocked for ${ms} ms. Slots are lost when that lasts as long as heartbeatMaxIntervalMs.`;
    for (const logger of loggers) log(logger, "warn", { blockedMs: ms }, message);
  }

  get heardAt(): number {
    return this.deadlines?.heardAt ?? -Infinity;
  }

  confirmed(sentAt: number): void {
    this.deadlines?.confirmed(sentAt);
  }

  reached(): void {
    this.heartbeats.catchUp();
  }

  mustSpeak(): void {
    this.beat(true);
  }

  private begin(request: AcquireRequest): LiveAcquisition {
    const id = this.nextId();
    const acquisition = new LiveAcquisition(id, request, this);
    this.live.add(id, acquisition);
    if (request.inspect) this.mirrored.add(acquisition);
    const intervalMs = request.terms.heartbeatMaxIntervalMs;
    if (intervalMs !== undefined) this.heartbeats.watch(intervalMs);
    this.deadlines?.asked(acquisition);
    acquisition.start();
    return acquisition;
  }

  private nextId(): string {
    return `${this.prefix}-${++this.acquisitions}`;
  }

  private inform(event: AcquisitionEvent): void {
    const acquisition = this.live.get(event.acquisition);
    if (acquisition === undefined) {
      if (event.type === "granted") this.giveBack(event.acquisition);
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

  /** Nobody wants the slot any more. */
  private giveBack(acquisition: string): void {
    if (!this.leaving) this.send({ type: "release", session: "", number: 0, acquisition });
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

  private endAll(): void {
    for (const acquisition of [...this.live.values()]) this.end(acquisition, "closed");
  }

  private forget(acquisition: LiveAcquisition): void {
    this.live.delete(acquisition.id);
    const { inspect, terms } = acquisition.request;
    if (inspect) this.mirrored.delete(acquisition);
    const intervalMs = terms.heartbeatMaxIntervalMs;
    if (intervalMs !== undefined) this.heartbeats.unwatch(intervalMs);
    this.deadlines?.ended(acquisition);
    if (this.live.size === 0) this.onIdle?.();
  }

  /** Numbers the command and appends it. */
  private send(command: SessionCommand, question?: Question): void {
    if (this.name === "") {
      this.name = `${this.logTime()}-${this.ports.ids()}`;
      this.number = 0;
      this.ports.log.join(this.name, this);
    }
    command.session = this.name;
    command.number = ++this.number;
    if (question) this.questions.add(command.number, question);
    this.ports.log.append(command);
  }

  private ask(command: SessionCommand): Promise<Event> {
    if (this.closing && command.type !== "leave") return Promise.reject(new ClosedError());
    return new Promise((resolve, reject) => {
      this.send(command, this.question(command, resolve, reject));
    });
  }

  /** Where the log is elsewhere, it must be answered in time. */
  private question(
    command: SessionCommand,
    resolve: (answer: Event) => void,
    reject: (reason: unknown) => void,
  ): Question {
    if (this.deadlines === undefined) return { command, resolve, reject };
    const question: Question = {
      command,
      resolve: (answer) => {
        settled();
        resolve(answer);
      },
      reject: (reason) => {
        settled();
        reject(reason);
      },
    };
    const settled = this.deadlines.expect(question, (error) => {
      this.questions.drop(question);
      question.reject(error);
    });
    return question;
  }

  /** Log time now, or somewhat less. */
  private logTime(): number {
    const { clock, distant } = this.ports;
    return distant ? distant.birth() : clock.now();
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
