/** An acquisition as others see it: its user, who asks for it, and the session that owns it. */

import type { Terms } from "../core/command.js";
import type { Event } from "../core/event.js";
import type { AcquisitionState, MachineCommand } from "../core/machine.js";
import type { AcquisitionLostError } from "../errors.js";
import type { Inspect } from "./inspection.js";
import type { LiveAcquisition } from "./live-acquisition.js";
import type { Logger } from "./logger.js";
import type { Standing } from "./standing.js";

/** A slot that is held, from the grant until it is released or lost. */
export interface Acquisition extends AsyncDisposable {
  /** Unique. Whoever knows it may release the slot. */
  readonly id: string;
  readonly semaphoreName: string;
  /** 0 … value-1; nobody else holds this one. */
  readonly slotNumber: number;
  /** Rises with every grant: lets what the task writes to refuse an older holder. */
  readonly fencingToken: number;
  /** When the slot was granted, in milliseconds since the epoch, by the server's clock. */
  readonly grantedAt: number;
  /** When `ttlMs` ends, by the server's clock; `undefined` without a TTL. */
  readonly expiresAt: number | undefined;
  readonly state: AcquisitionState;
  /** Aborts with an `AcquisitionLostError` when the slot is lost; not when it is released. */
  readonly signal: AbortSignal;
  /** Why the slot was lost, if it was. */
  readonly lost: AcquisitionLostError | undefined;
  /** For how many milliseconds the TTL still lets it hold; `Infinity` without one, 0 after the end. */
  remainingMs(): number;
  /** Gives the slot back. `false` if there was nothing to give back any more. Never rejects. */
  release(): Promise<boolean>;
  /** What happened to it, oldest first. */
  history(): AsyncIterable<Event>;
}

/** What an acquire asks for. */
export interface AcquireRequest {
  readonly semaphore: string;
  readonly value: number;
  readonly terms: Terms;
  readonly logger?: Logger | undefined;
  readonly inspect?: Inspect | undefined;
  /** Log time at which it was queued first, if it was asked for under another id before. */
  readonly waitsSince?: number | undefined;
}

/** What an acquisition needs from the session that owns it. */
export interface Owner {
  /** Sends the command that the acquisition's machine emitted. */
  emit(command: MachineCommand["type"], acquisition: LiveAcquisition): void;
  /** For how long its TTL lets it hold. */
  remainingMs(acquisition: Standing, ttlMs: number): number;
  /** Number of the session's last heartbeat event. */
  readonly lastHeartbeat: number;
  events(acquisition: string): AsyncIterable<Event>;
  /** Lets happen by its clock what is due, also where no timer could ring yet. */
  catchUp(): void;
  /** An orphan holds no more. */
  letGo(acquisition: Standing): void;
  /** Gives back the slot of what was an orphan. Never rejects. */
  releaseById(acquisition: string): Promise<boolean>;
}

/** The same request, with what is left of its time to wait. */
export function restOf(request: AcquireRequest, queuedAt: number, at: number): AcquireRequest {
  const { maxAcquireTimeMs = Infinity } = request.terms;
  const leftMs = Math.max(1, maxAcquireTimeMs - Math.max(0, at - queuedAt));
  const terms = leftMs < Infinity ? { ...request.terms, maxAcquireTimeMs: leftMs } : request.terms;
  return { ...request, terms, waitsSince: request.waitsSince ?? queuedAt };
}
