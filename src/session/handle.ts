/**
 * What is known of an acquisition: what was asked, and what the log said. The user of a slot sees it through this.
 * Where that user stands is `Standing`; what the log says comes in by `LiveAcquisition`.
 */

import { setMaxListeners } from "node:events";
import { inspect } from "node:util";
import type {
  AbandonedEvent,
  Event,
  ExpiredEvent,
  GrantedEvent,
  QueuedEvent,
  ReleasedEvent,
} from "../core/event.js";
import type { AcquisitionState } from "../core/machine.js";
import type { AcquisitionLostError } from "../errors.js";
import type { AcquireRequest, Acquisition } from "./acquisition.js";

export type EndEvent = ReleasedEvent | ExpiredEvent | AbandonedEvent;

export abstract class Handle implements Acquisition {
  protected queued: QueuedEvent | undefined = undefined;
  protected grant: GrantedEvent | undefined = undefined;
  protected end: EndEvent | undefined = undefined;
  private controller: AbortController | undefined = undefined;

  constructor(
    public id: string,
    public request: AcquireRequest,
  ) {}

  abstract get state(): AcquisitionState;
  abstract get lost(): AcquisitionLostError | undefined;
  abstract remainingMs(): number;
  abstract release(): Promise<boolean>;
  abstract history(): AsyncIterable<Event>;

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

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      // Many calls under one slot may listen to it.
      setMaxListeners(0, this.controller.signal);
      if (this.lost) this.controller.abort(this.lost);
    }
    return this.controller.signal;
  }

  /** The log has said that it knows it. */
  get isKnown(): boolean {
    return (this.queued ?? this.grant) !== undefined;
  }

  get isGranted(): boolean {
    return this.grant !== undefined;
  }

  /** The log has said so. */
  get hasEnded(): boolean {
    return this.end !== undefined;
  }

  /** No slot was free, and it was not to wait. */
  get isBusy(): boolean {
    return this.end?.type === "abandoned" && this.end.reason === "busy";
  }

  /** Its place in the queue was this one or a better one, if it is known to be in one. */
  get positionAtMost(): number | undefined {
    return this.queued?.position;
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

  /** Tells whoever listens to the signal; if nobody asked for it yet, it will be born aborted. */
  protected abort(loss: AcquisitionLostError): void {
    this.controller?.abort(loss);
  }
}
