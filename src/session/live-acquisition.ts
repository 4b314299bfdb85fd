/**
 * The acquisition behind the handle that `acquire()` resolves with. It runs the machine's table:
 * facts from the log move it, intents make it emit commands to its session.
 */

import { setMaxListeners } from "node:events";
import { inspect } from "node:util";
import type {
  AbandonedEvent,
  AcquisitionEvent,
  Event,
  ExpiredEvent,
  GrantedEvent,
  QueuedEvent,
  ReleasedEvent,
} from "../core/event.js";
import { type AcquisitionState, life, type MachineEvent } from "../core/machine.js";
import { AcquisitionLostError, ClosedError, type LossReason, ProtocolError } from "../errors.js";
import { abandonedError } from "./abandoned.js";
import { onAbort } from "./abort.js";
import type { AcquireRequest, Acquisition, Owner } from "./acquisition.js";
import { type Mirror, mirror } from "./inspection.js";
import { log } from "./logger.js";

const RELEASE: MachineEvent = { type: "RELEASE" };
const CANCEL: MachineEvent = { type: "CANCEL" };
const HEARTBEAT: MachineEvent = { type: "heartbeat" };
const LOST: MachineEvent = { type: "abandoned", reason: "lost" };

export class LiveAcquisition implements Acquisition {
  private current: AcquisitionState = life.initial.target;
  private queued: QueuedEvent | undefined = undefined;
  private grant: GrantedEvent | undefined = undefined;
  /** What ended it. */
  private end: ReleasedEvent | ExpiredEvent | AbandonedEvent | undefined = undefined;
  private loss: AcquisitionLostError | undefined = undefined;
  /** Why nobody waits for it any more, before the log says so. */
  private givenUp: { readonly reason: unknown } | undefined = undefined;
  /**
   * How it ended by the session's own account: its wait took too `long`, it is `over` though the log has not
   * said so, or the log never will, since it has `forgotten` it.
   */
  private fate: "long" | "over" | "forgotten" | undefined = undefined;
  /** While the log has not answered. */
  private releasing: Promise<boolean> | undefined = undefined;
  private onSettled: (() => void) | undefined = undefined;
  private onEnd: (() => void) | undefined = undefined;
  private controller: AbortController | undefined = undefined;
  private mirror: Mirror | undefined = undefined;

  constructor(
    public id: string,
    public request: AcquireRequest,
    private readonly owner: Owner,
  ) {}

  get semaphoreName(): string {
    return this.request.semaphore;
  }

  get slotNumber(): number {
    return this.grant?.slot ?? -1;
  }

  get fencingToken(): number {
    return this.grant?.token ?? 0;
  }

  get grantedAt(): number {
    return this.grant?.at ?? 0;
  }

  get expiresAt(): number | undefined {
    const { ttlMs } = this.request.terms;
    return ttlMs === undefined ? undefined : this.grantedAt + ttlMs;
  }

  get state(): AcquisitionState {
    if (this.fate === "forgotten") return "expired";
    const heard = this.current === "held" && this.owner.lastHeartbeat > (this.grant?.seq ?? 0);
    return heard ? "heartbeating" : this.current;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      // Many calls under one slot may listen to it.
      setMaxListeners(0, this.controller.signal);
      if (this.loss) this.controller.abort(this.loss);
    }
    return this.controller.signal;
  }

  /** Why the slot was lost, if it was. */
  get lost(): AcquisitionLostError | undefined {
    return this.loss;
  }

  get hasEnded(): boolean {
    return this.end !== undefined;
  }

  /** Its wait was ended by the session's own clock. */
  get hasTimedOut(): boolean {
    return this.fate === "long";
  }

  /** Somebody waits for its slot. */
  get isWanted(): boolean {
    return this.grant === undefined && this.givenUp === undefined;
  }

  /** The log has said that it knows it. */
  get isKnown(): boolean {
    return (this.queued ?? this.grant) !== undefined;
  }

  get isGranted(): boolean {
    return this.grant !== undefined;
  }

  /** Its place in the queue was this one or a better one, if it is known to be in one. */
  get positionAtMost(): number | undefined {
    return this.queued?.position;
  }

  /** Begins its life: the machine emits `acquire`. */
  start(): void {
    if (this.request.inspect) this.mirror = mirror(this.id, this.request.inspect);
    for (const command of life.initial.emits) this.owner.emit(command, this);
  }

  /**
   * Begins its life once more, under another id, for the log has lost it at this log time, or rather all of
   * its session. What is left of its time to wait goes on.
   */
  restart(id: string, at: number, why: string): void {
    if (this.queued) {
      this.request = restOf(this.request, this.queued.at, at);
      this.tell("warn", `waits again, at the tail of the queue: ${why}`);
    }
    this.mirror?.send(LOST);
    this.id = id;
    this.queued = undefined;
    this.start();
  }

  /** Resolves when it holds a slot; rejects when it never will, with the reason of `signal` if that aborts. */
  granted(signal?: AbortSignal): Promise<LiveAcquisition> {
    if (this.grant && !this.givenUp) return Promise.resolve(this);
    return new Promise((resolve, reject) => {
      if (this.isSettled()) this.conclude(resolve, reject);
      else this.awaitOutcome(signal, () => this.conclude(resolve, reject));
    });
  }

  /** Like `granted()`, but `null` where no slot was free. */
  attempted(signal?: AbortSignal): Promise<LiveAcquisition | null> {
    return new Promise((resolve, reject) => {
      const conclude = () => (this.isBusy() ? resolve(null) : this.conclude(resolve, reject));
      if (this.isSettled()) conclude();
      else this.awaitOutcome(signal, conclude);
    });
  }

  release(): Promise<boolean> {
    if (this.releasing) return this.releasing.then(() => false);
    if (this.end || this.fate || this.grant === undefined) return Promise.resolve(false);
    this.move(RELEASE);
    if (this.end) return Promise.resolve(this.wasReleased());
    this.releasing = new Promise((resolve) => {
      this.onEnd = () => {
        this.releasing = undefined;
        resolve(this.wasReleased());
      };
    });
    return this.releasing;
  }

  remainingMs(): number {
    if (this.end || this.loss || this.fate) return 0;
    const { ttlMs } = this.request.terms;
    return ttlMs === undefined ? Infinity : this.owner.remainingMs(this, ttlMs);
  }

  history(): AsyncIterable<Event> {
    return this.owner.events(this.id);
  }

  /** What it is when written down; `console.log` shows the same. */
  toJSON(): object {
    const { id, semaphoreName, slotNumber, fencingToken, grantedAt, expiresAt, state } = this;
    return { id, semaphoreName, slotNumber, fencingToken, grantedAt, expiresAt, state };
  }

  [inspect.custom](): object {
    return this.toJSON();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  /** A fact from the log. */
  receive(event: AcquisitionEvent): void {
    switch (event.type) {
      case "queued":
        this.queued = event;
        return;
      case "granted":
        this.grant = event;
        this.move(event);
        this.tell("debug", "acquired");
        this.settle();
        return;
      case "revoked":
        this.lose("revoked");
        this.move(RELEASE);
        return;
      case "released":
        this.finish(event);
        if (event.reason === "left") this.lose("closed");
        else this.tell("debug", "released");
        this.onEnd?.();
        return;
      case "expired":
        this.finish(event);
        this.lose(event.reason);
        this.onEnd?.();
        return;
      case "abandoned":
        this.finish(event);
        this.tell("debug", `abandoned (${event.reason})`);
        this.settle();
        return;
    }
  }

  /** Its session was heard. Told only to those that are watched; for others `state` derives it. */
  heartbeat(): void {
    if (this.mirror) this.move(HEARTBEAT);
  }

  /** By the session's own clock it holds no more; the log may say so later. */
  loseLocally(reason: LossReason, cause: Error | undefined): void {
    if (this.end || this.fate) return;
    this.fate = "over";
    // Who gave it back already, or never took it, has lost nothing; who was revoked knows. Only the answer is missing.
    if (this.loss || this.releasing || this.givenUp) {
      this.onEnd?.();
      return;
    }
    this.lose(reason, cause);
    // A TTL ends in the log as well, at nearly the same moment, and the history shall say so.
    if (reason !== "ttl") this.move(RELEASE);
  }

  /** Its session is about to leave: from then on the slot may be somebody else's, and a grant comes too late. */
  leave(): void {
    if (this.isWanted && !this.end) this.giveUp(new ClosedError());
    if (!this.isHeld()) return;
    this.fate = "over";
    this.lose("closed");
  }

  /** The log will say nothing of it any more. */
  forget(reason: LossReason): void {
    if (this.end) return;
    const isHeld = this.isHeld();
    this.fate = "forgotten";
    if (this.grant === undefined) this.giveUp(new ClosedError());
    else if (isHeld) this.lose(reason);
    this.onEnd?.();
  }

  /** By the session's own clock it has waited long enough. */
  timeOut(reason: Error): void {
    if (this.isSettled()) return;
    this.fate = "long";
    this.giveUp(reason);
    this.move(CANCEL);
  }

  /** Nobody will say whether it was released. */
  endRelease(): void {
    this.onEnd?.();
  }

  /** Nobody waits for it any more. */
  giveUp(reason: unknown): void {
    this.givenUp = { reason };
    this.settle();
    this.onEnd?.();
  }

  private move(event: MachineEvent): void {
    this.mirror?.send(event);
    const cell = life.cells[this.current][event.type];
    if (cell === undefined) return;
    this.current = cell.target;
    for (const command of cell.emits) this.owner.emit(command, this);
  }

  private wasReleased(): boolean {
    const { end } = this;
    return end?.type === "released" && end.by === undefined && this.loss === undefined;
  }

  private finish(event: ReleasedEvent | ExpiredEvent | AbandonedEvent): void {
    this.end = event;
    this.move(event);
  }

  private lose(reason: LossReason, cause?: Error): void {
    if (this.loss) return;
    const options = cause && { cause };
    this.loss = new AcquisitionLostError(this.semaphoreName, this.id, reason, options);
    this.tell("warn", this.loss.message);
    this.controller?.abort(this.loss);
  }

  /** Its user believes to hold a slot. */
  private isHeld(): boolean {
    const hasGivenUp = this.releasing !== undefined || this.givenUp !== undefined;
    return this.grant !== undefined && !this.end && !this.loss && !this.fate && !hasGivenUp;
  }

  private isSettled(): boolean {
    return (this.grant ?? this.end ?? this.givenUp) !== undefined;
  }

  private conclude(
    resolve: (acquisition: LiveAcquisition) => void,
    reject: (reason: unknown) => void,
  ): void {
    if (this.grant && !this.givenUp) resolve(this);
    else reject(this.failure());
  }

  private isBusy(): boolean {
    return this.end?.type === "abandoned" && this.end.reason === "busy";
  }

  private awaitOutcome(signal: AbortSignal | undefined, settled: () => void): void {
    if (signal === undefined) {
      this.onSettled = settled;
      return;
    }
    const stopListening = onAbort(signal, () => {
      this.giveUp(signal.reason);
      this.move(CANCEL);
    });
    this.onSettled = () => {
      stopListening();
      settled();
    };
  }

  private settle(): void {
    const settled = this.onSettled;
    this.onSettled = undefined;
    settled?.();
  }

  private failure(): unknown {
    if (this.givenUp) return this.givenUp.reason;
    if (this.end?.type === "abandoned") return abandonedError(this.end, this.request, this.queued);
    return new ProtocolError("an acquire ended in a way that slotstream doesn't know.");
  }

  private tell(level: "debug" | "warn", message: string): void {
    const { logger, semaphore } = this.request;
    if (logger)
      log(logger, level, { semaphore, acquisition: this.id, slot: this.slotNumber }, message);
  }
}

/** The same request, with what is left of its time to wait. */
function restOf(request: AcquireRequest, queuedAt: number, at: number): AcquireRequest {
  const { maxAcquireTimeMs = Infinity } = request.terms;
  const leftMs = Math.max(1, maxAcquireTimeMs - Math.max(0, at - queuedAt));
  const terms = leftMs < Infinity ? { ...request.terms, maxAcquireTimeMs: leftMs } : request.terms;
  return { ...request, terms, waitsSince: request.waitsSince ?? queuedAt };
}
