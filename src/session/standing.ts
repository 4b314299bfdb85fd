/**
 * Where the user of an acquisition stands with it: waits, holds, gives back, loses. What the log said and what our
 * own clock says come together here; `LiveAcquisition` brings the one, `LocalDeadlines` the other.
 */

import type { MachineEvent } from "../core/machine.js";
import { AcquisitionLostError, ClosedError, type LossReason, ProtocolError } from "../errors.js";
import { type AbandonReason, endingOf, RELEASED } from "../telemetry.js";
import { abandonedError, abandonReasonOf } from "./abandoned.js";
import type { AcquireRequest, Owner } from "./acquisition.js";
import { Handle } from "./handle.js";
import { log } from "./logger.js";
import type { Observed } from "./observed.js";
import {
  GIVEN_BACK,
  HELD,
  isHolding,
  ORPHANED,
  OVER,
  RELEASING,
  type Stage,
  WANTED,
} from "./stage.js";

const RELEASE: MachineEvent = { type: "RELEASE" };
const CANCEL: MachineEvent = { type: "CANCEL" };

export abstract class Standing extends Handle {
  /** When it was asked for, in local time, where that matters. */
  askedAt = 0;
  /** Tells telemetry, where anybody listens. */
  observed: Observed | undefined = undefined;
  private stage: Stage = WANTED;
  private onSettled: (() => void) | undefined = undefined;
  /** What the log will say to the release. */
  private answer: Promise<boolean> | undefined = undefined;
  private onAnswer: ((released: boolean) => void) | undefined = undefined;

  constructor(
    id: string,
    request: AcquireRequest,
    protected readonly owner: Owner,
  ) {
    super(id, request);
  }

  /** Tells the machine, which may emit commands. */
  protected abstract move(event: MachineEvent): void;
  /** The log will not say how it ends. */
  protected abstract endsUnheard(state: "released" | "expired"): void;

  get lost(): AcquisitionLostError | undefined {
    return this.stage.is === "lost" ? this.stage.loss : undefined;
  }

  get isWanted(): boolean {
    return this.stage.is === "wanted";
  }

  /** Its user has it, and neither gave it back nor lost it. */
  protected get isHeld(): boolean {
    return this.stage.is === "held";
  }

  /** Its wait was ended by the session's own clock. */
  get hasTimedOut(): boolean {
    return this.stage.is === "unwanted" && this.stage.tookTooLong;
  }

  /** It got a slot while somebody waited for it. */
  get gotSlot(): boolean {
    return this.isGranted && this.stage.is !== "unwanted";
  }

  /** Calls back when it is wanted no more: it got a slot, or it never will. */
  whenSettled(callback: () => void): void {
    this.onSettled = callback;
  }

  /** Why there is no slot for whoever asked. */
  failure(): unknown {
    if (this.stage.is === "unwanted") return this.stage.reason;
    if (this.end?.type === "abandoned") return abandonedError(this.end, this.request, this.queued);
    return new ProtocolError("an acquire ended in a way that slotstream doesn't know.");
  }

  release(): Promise<boolean> {
    // Whoever was too busy to hear of the loss has lost it all the same.
    if (isHolding(this.stage)) this.owner.catchUp();
    if (this.answer) return this.answer.then(() => false);
    if (this.stage.is === "orphaned") return this.releaseOrphan();
    if (this.stage.is !== "held") return Promise.resolve(false);
    this.stage = RELEASING;
    this.move(RELEASE);
    return this.answered();
  }

  remainingMs(): number {
    if (!isHolding(this.stage)) return 0;
    const { ttlMs } = this.request.terms;
    return ttlMs === undefined ? Infinity : this.owner.remainingMs(this, ttlMs);
  }

  /** By the session's own clock it holds no more; the log may say so later. */
  loseLocally(reason: LossReason, cause: Error | undefined): void {
    const { is } = this.stage;
    this.takeBack(reason, cause);
    // A TTL ends in the log as well, at nearly the same moment, and the history shall say so.
    if (is === "held" && reason !== "ttl") this.move(RELEASE);
  }

  /** Its session is about to leave: from then on the slot may be somebody else's, and a grant comes too late. */
  leave(): void {
    if (this.stage.is === "wanted") this.giveUp(new ClosedError(), "closed");
    else if (this.stage.is !== "releasing") this.takeBack("closed");
  }

  /** The log will say nothing of it any more. */
  forget(reason: LossReason): void {
    if (this.end) return;
    this.endsUnheard("expired");
    if (this.stage.is === "wanted") this.giveUp(new ClosedError(), "closed");
    else this.takeBack(reason);
  }

  /** Nobody decides for its session any more. `true` if it goes on all the same: its slot is nobody else's yet. */
  orphan(reason: Error): boolean {
    const { is } = this.stage;
    if (is === "wanted") this.giveUp(reason, "unreachable");
    if (is === "releasing") this.givenBack(false);
    if (is === "held") this.stage = ORPHANED;
    return is === "held";
  }

  /** By the session's own clock it has waited long enough. */
  timeOut(reason: Error): void {
    if (this.stage.is !== "wanted") return;
    this.giveUp(reason, "timeout");
    this.move(CANCEL);
  }

  /** Whoever waits for it does so no more, for this reason. */
  cancel(reason: unknown): void {
    this.giveUp(reason, "cancelled");
    this.move(CANCEL);
  }

  /** It has a slot now. */
  protected hold(): void {
    if (this.stage.is !== "wanted") return;
    this.stage = HELD;
    this.observed?.granted(this);
  }

  /** It will have none. */
  protected fail(): void {
    if (this.stage.is !== "wanted") return;
    this.stage = OVER;
    if (this.end?.type === "abandoned") {
      this.observed?.abandoned(this.id, abandonReasonOf(this.end));
    }
  }

  protected settle(): void {
    const settled = this.onSettled;
    this.onSettled = undefined;
    settled?.();
  }

  /** An operator takes the slot, which is his as soon as it is released. */
  protected revoke(): void {
    this.takeBack("revoked");
    if (this.lost) this.move(RELEASE);
  }

  /**
   * Its slot is not its user's any more. That is a loss to whoever holds it; whoever waits for the answer to his
   * release hears that he came too late. An answer that comes at once, in memory, was true before he asked.
   */
  protected takeBack(reason: LossReason, cause?: Error): void {
    if (this.answer) {
      this.observed?.ended(this.id, endingOf(reason));
      this.givenBack(false);
    } else if (isHolding(this.stage)) {
      if (this.stage.is === "orphaned") this.letGo("expired");
      this.lose(reason, cause);
    }
  }

  /** By its user if it was `released` by this release; else by somebody else. */
  protected givenBack(released: boolean): void {
    if (!isHolding(this.stage)) return;
    const { onAnswer } = this;
    const isOurs = this.stage.is === "releasing" && released;
    this.stage = isOurs ? GIVEN_BACK : OVER;
    this.answer = undefined;
    this.onAnswer = undefined;
    this.observed?.ended(this.id, RELEASED);
    onAnswer?.(isOurs);
  }

  protected tell(level: "debug" | "warn", message: string): void {
    const { logger, semaphore } = this.request;
    if (logger)
      log(logger, level, { semaphore, acquisition: this.id, slot: this.slotNumber }, message);
  }

  private giveUp(reason: unknown, why: AbandonReason): void {
    this.stage = { is: "unwanted", reason, tookTooLong: why === "timeout" };
    this.observed?.abandoned(this.id, why);
    this.settle();
  }

  private lose(reason: LossReason, cause: Error | undefined): void {
    const options = cause && { cause };
    const loss = new AcquisitionLostError(this.semaphoreName, this.id, reason, options);
    this.stage = { is: "lost", loss };
    this.tell("warn", loss.message);
    this.observed?.ended(this.id, endingOf(reason));
    this.abort(loss);
  }

  /** What the log says to the release; in memory it has done so already. */
  private answered(): Promise<boolean> {
    const { stage } = this;
    if (stage.is !== "releasing") return Promise.resolve(stage.is === "over" && stage.released);
    this.answer = new Promise((resolve) => {
      this.onAnswer = resolve;
    });
    return this.answer;
  }

  private async releaseOrphan(): Promise<boolean> {
    this.stage = OVER;
    this.letGo("released");
    this.observed?.ended(this.id, RELEASED);
    const released = await this.owner.releaseById(this.id);
    if (!released) this.endsUnheard("expired");
    return released;
  }

  private letGo(state: "released" | "expired"): void {
    this.endsUnheard(state);
    this.owner.letGo(this);
  }
}
