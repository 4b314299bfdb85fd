/**
 * One client while it is connected: asks by commands, learns by events, and leaves at the end.
 * Knows the log only as a port, so memory, threads and Redis use the same session.
 */

import type { SessionCommand } from "../core/command.js";
import type { Event } from "../core/event.js";
import { ClosedError, ProtocolError } from "../errors.js";
import type { Clock, CommandLog, Ids, Inbox, Views } from "../ports.js";
import { sessionBlocked } from "../telemetry.js";
import type { AcquireRequest } from "./acquisition.js";
import { Acquisitions } from "./acquisitions.js";
import type { Attendant, Distant } from "./distant.js";
import { type Heart, Heartbeats } from "./heartbeats.js";
import type { LiveAcquisition } from "./live-acquisition.js";
import { LocalDeadlines } from "./local-deadlines.js";
import { log } from "./logger.js";
import { attempted, granted } from "./outcome.js";
import { Sender } from "./sender.js";

/** What a session stands on. */
export interface SessionPorts {
  readonly log: CommandLog;
  readonly views: Views;
  readonly clock: Clock;
  readonly ids: Ids;
  /** There if the log is elsewhere, and may not answer. */
  readonly distant?: Distant | undefined;
}

export class Session implements Inbox, Heart, Attendant {
  closing = false;
  /** The log heard the session at this local time. */
  private confirmedAt = -Infinity;
  private readonly sender: Sender;
  private readonly acquisitions: Acquisitions;
  private readonly heartbeats: Heartbeats;
  private readonly deadlines: LocalDeadlines | undefined;
  private closed: Promise<void> | undefined = undefined;

  constructor(private readonly ports: SessionPorts) {
    const { clock, distant } = ports;
    this.heartbeats = new Heartbeats(clock, this);
    this.deadlines = distant && new LocalDeadlines(clock, distant);
    this.sender = new Sender(ports, this, this.deadlines);
    this.acquisitions = new Acquisitions(ports, this.sender, this.heartbeats, this.deadlines);
    distant?.attend(this);
  }

  /** It holds something, or waits for something. */
  get isBusy(): boolean {
    return this.acquisitions.size > 0 || this.sender.isAsking;
  }

  /** Resolves with the slot. The reasons to reject are those of `Semaphore.acquire`. */
  acquire(request: AcquireRequest, signal?: AbortSignal): Promise<LiveAcquisition> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.closing) return Promise.reject(new ClosedError());
    return granted(this.acquisitions.begin(request), signal);
  }

  /** Resolves with `null` if no slot is free. */
  tryAcquire(request: AcquireRequest, signal?: AbortSignal): Promise<LiveAcquisition | null> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.closing) return Promise.reject(new ClosedError());
    return attempted(this.acquisitions.begin(request), signal);
  }

  /** Gives back a slot by its acquisition's id, also one that another session acquired. */
  async release(acquisition: string): Promise<boolean> {
    const own = this.acquisitions.get(acquisition);
    if (own) return own.release();
    const answer = await this.ask({ type: "release", session: "", number: 0, acquisition });
    return answer.type === "released";
  }

  /** `false` if it had that size already, or is not known and was not declared. */
  async resize(
    semaphore: string,
    declared: number | undefined,
    value: number,
    operator?: string,
  ): Promise<boolean> {
    const own = { session: "", number: 0 };
    const answer = await this.ask({ type: "resize", ...own, semaphore, value, declared, operator });
    return answer.type === "resized";
  }

  /** `false` if there was nothing to revoke. */
  async revoke(acquisition: string, force: boolean, operator?: string): Promise<boolean> {
    const own = { session: "", number: 0 };
    const answer = await this.ask({ type: "revoke", ...own, acquisition, force, operator });
    return answer.type !== "ignored";
  }

  /**
   * Refuses new work, lets go on for at most `drainMs` what is waiting or held, then leaves. A later
   * call with 0 ends the draining.
   */
  close(drainMs: number): Promise<void> {
    if (drainMs === 0) this.acquisitions.onIdle?.();
    this.closed ??= this.leave(drainMs);
    return this.closed;
  }

  receive(event: Event): void {
    switch (event.type) {
      case "queued":
      case "granted":
      case "reasserted":
      case "released":
      case "expired":
      case "abandoned":
      case "revoked":
        this.acquisitions.receive(event);
        break;
      case "heartbeat":
        this.acquisitions.heard(event.seq);
        break;
      case "ignored":
        if (event.acquisition !== undefined) {
          this.acquisitions.refuted(event.acquisition, event.reason);
        }
        break;
      case "refused":
        this.refused(event.number, event.reason);
        break;
    }
    this.sender.receive(event);
    this.prolong();
  }

  forgotten(unanswered: readonly SessionCommand[], isRemembered: boolean): void {
    const formers = unanswered.flatMap((command) =>
      command.type === "leave" && command.former !== undefined ? [command.former] : [],
    );
    if (isRemembered) formers.push(this.sender.name);
    const questions = this.sender.forgotten();
    // First what is held, so that the log doesn't take it for what its former self has left behind.
    this.acquisitions.reassert();
    for (const former of formers) {
      this.sender.send({ type: "leave", session: "", number: 0, former });
    }
    this.acquisitions.forgotten();
    for (const command of unanswered) {
      const question = questions.get(command.number);
      if (question) this.sender.send(question.command, question);
      else if (command.type === "acquire") this.acquisitions.unheard(command.acquisition);
    }
  }

  broken(reason: Error): void {
    this.sender.broken(reason);
    this.acquisitions.broken(reason);
  }

  beat(isLate: boolean): boolean {
    // What is still to be written will do for a heartbeat; and nobody needs one of a session without a name.
    if (this.sender.name === "" || (!isLate && this.ports.distant?.isBehind)) return false;
    this.sender.send({ type: "heartbeat", session: "", number: 0 });
    return true;
  }

  late(ms: number): void {
    if (sessionBlocked.hasSubscribers) {
      const mode = this.deadlines ? "redis" : "memory";
      sessionBlocked.publish({ mode, blockedMs: ms });
    }
    const message = `the event loop was blocked for ${ms} ms. Slots are lost when that lasts as long as heartbeatMaxIntervalMs.`;
    for (const logger of this.acquisitions.loggers()) {
      log(logger, "warn", { blockedMs: ms }, message);
    }
  }

  get heardAt(): number {
    return this.deadlines?.heardAt ?? -Infinity;
  }

  confirmed(sentAt: number): void {
    this.confirmedAt = Math.max(this.confirmedAt, sentAt);
    this.prolong();
  }

  reached(): void {
    this.heartbeats.catchUp();
  }

  mustSpeak(): void {
    this.beat(true);
  }

  /** Who is heard holds on; but not to what the log has forgotten, and has not been told again yet. */
  private prolong(): void {
    if (!this.acquisitions.isAsserting) this.deadlines?.confirmed(this.confirmedAt);
  }

  private ask(command: SessionCommand): Promise<Event> {
    if (this.closing) return Promise.reject(new ClosedError());
    return this.sender.ask(command);
  }

  private refused(number: number, reason: string): void {
    if (reason === "duplicate") return;
    const { name } = this.sender;
    this.broken(new ProtocolError(`command ${number} of session ${name} was refused: ${reason}.`));
  }

  private async leave(drainMs: number): Promise<void> {
    this.closing = true;
    if (drainMs > 0 && this.acquisitions.size > 0) await this.drained(drainMs);
    this.heartbeats.stop();
    this.acquisitions.leave();
    // Nobody knows of it.
    if (this.sender.name === "") return this.acquisitions.endAll();
    try {
      await this.sender.ask({ type: "leave", session: "", number: 0 });
    } catch (error) {
      // Whoever cannot be told learns it from our silence, whatever the reason is.
      if (this.deadlines === undefined) throw error;
      this.acquisitions.endAll();
    }
  }

  private drained(drainMs: number): Promise<void> {
    return new Promise((resolve) => {
      const alarm = this.ports.clock.alarm(resolve);
      alarm.keepAlive(true);
      alarm.set(this.ports.clock.now() + drainMs);
      this.acquisitions.onIdle = () => {
        alarm.clear();
        resolve();
      };
    });
  }
}
