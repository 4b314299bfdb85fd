/**
 * Every error that a user can meet. A message says what happened, why, and the remedy;
 * `code` is for programs.
 */

export type SemaphoreErrorCode =
  | "ACQUIRE_TIMEOUT"
  | "ACQUISITION_LOST"
  | "ACQUIRE_CANCELLED"
  | "QUEUE_FULL"
  | "VALUE_MISMATCH"
  | "BACKEND_UNAVAILABLE"
  | "PROTOCOL"
  | "INVALID_OPTION"
  | "HISTORY"
  | "CLOSED";

/** What all errors of slotstream have in common. */
export class SemaphoreError extends Error {
  override readonly name: string = "SemaphoreError";

  constructor(
    readonly code: SemaphoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What is known of the semaphore when an acquire fails. */
export interface AcquireFailure {
  readonly semaphoreName: string;
  /** How many slots the semaphore has. */
  readonly value: number;
  /** How many of them were held; `undefined` if that is not known. */
  readonly held: number | undefined;
  /** How long the acquire waited, in milliseconds. */
  readonly waitedMs: number;
  /** Its place in the queue was this one or a better one; 1 is the head. `undefined` if that is not known. */
  readonly positionAtMost: number | undefined;
}

const BUSY = "Raise maxAcquireTimeMs, or look at holders().";
const PAUSED = "It is paused: resize() it to let somebody in.";
const UNANSWERED =
  "Check that the server can be reached and that a reconciler runs; cause says more.";

/** No slot came free within `maxAcquireTimeMs`. If nobody answered, `cause` says why. */
export class AcquireTimeoutError extends SemaphoreError implements AcquireFailure {
  override readonly name = "AcquireTimeoutError";
  readonly semaphoreName: string;
  readonly value: number;
  readonly held: number | undefined;
  readonly waitedMs: number;
  readonly positionAtMost: number | undefined;

  /** @param remedy what is wrong and what to do, where more is known than that nobody answered. */
  constructor(failure: AcquireFailure, options?: ErrorOptions, remedy?: string) {
    super(
      "ACQUIRE_TIMEOUT",
      `no slot of "${failure.semaphoreName}" came free within ${failure.waitedMs} ms: ${circumstances(failure, remedy)}`,
      options,
    );
    this.semaphoreName = failure.semaphoreName;
    this.value = failure.value;
    this.held = failure.held;
    this.waitedMs = failure.waitedMs;
    this.positionAtMost = failure.positionAtMost;
  }
}

function circumstances(failure: AcquireFailure, remedy: string | undefined): string {
  const { value, held, positionAtMost } = failure;
  const place = `it was number ${positionAtMost} in the queue at most`;
  if (positionAtMost === undefined) return `nobody answered. ${remedy ?? UNANSWERED}`;
  if (held === undefined) return `${place}. ${remedy ?? BUSY}`;
  return `${held} of ${value} were held, and ${place}. ${value === 0 ? PAUSED : BUSY}`;
}

/**
 * `ttl`: it was held longer than `ttlMs`. `heartbeat`: its session was not heard for too long.
 * `revoked`: an operator took it back. `closed`: its coordinator was closed while it was held.
 * `forgotten`: the data in Redis has forgotten it. `superseded`: after such a loss, somebody said that he got
 * the slot later.
 */
export type LossReason = "ttl" | "heartbeat" | "revoked" | "closed" | "forgotten" | "superseded";

const LOSS: Record<LossReason, string> = {
  ttl: "it was held longer than its ttlMs. Raise ttlMs, or make the task shorter",
  heartbeat:
    "its process was silent longer than heartbeatMaxIntervalMs. Don't block the event loop, or raise the interval",
  revoked: "an operator revoked it",
  closed: "its coordinator was closed. Release before you close, or close with drainMs",
  forgotten:
    "the data in Redis has forgotten it, after a restart or failover. Let Redis store every write (appendfsync always) to lose less",
  superseded:
    "the data in Redis was lost for a while, and somebody else got the slot later. Let what the task writes to check fencing tokens",
};

/** The slot was lost while it was held. What the task does from now on is not protected any more. */
export class AcquisitionLostError extends SemaphoreError {
  override readonly name = "AcquisitionLostError";

  constructor(
    readonly semaphoreName: string,
    readonly acquisitionId: string,
    readonly reason: LossReason,
    options?: ErrorOptions,
  ) {
    super("ACQUISITION_LOST", `the slot of "${semaphoreName}" was lost: ${LOSS[reason]}.`, options);
  }
}

/** The waiting acquire was ended from elsewhere, by its id. */
export class AcquireCancelledError extends SemaphoreError {
  override readonly name = "AcquireCancelledError";
  readonly reason = "cancelled";

  constructor(readonly semaphoreName: string) {
    super(
      "ACQUIRE_CANCELLED",
      `the acquire of "${semaphoreName}" was cancelled while it waited, by its id. Ask history() by whom.`,
    );
  }
}

/** As many acquires as `maxQueueSize` allows were waiting already. */
export class QueueFullError extends SemaphoreError {
  override readonly name = "QueueFullError";

  constructor(
    readonly semaphoreName: string,
    readonly queued: number,
  ) {
    super(
      "QUEUE_FULL",
      `no slot of "${semaphoreName}" is free, and with ${queued} waiting its queue is as long as maxQueueSize ` +
        "allows. Shed the work, retry later, or raise maxQueueSize.",
    );
  }
}

/** The semaphore is in use with another value. */
export class ValueMismatchError extends SemaphoreError {
  override readonly name = "ValueMismatchError";

  constructor(
    readonly semaphoreName: string,
    /** The value of those who use it. */
    readonly current: number,
    /** The value of the acquire that was refused. */
    readonly requested: number,
  ) {
    super(
      "VALUE_MISMATCH",
      `"${semaphoreName}" is in use with value ${current}, but this acquire says ${requested}. ` +
        'Deploy one value everywhere, use resize(), or set onValueMismatch: "adopt".',
    );
  }
}

/** Nobody answered. `cause` says more, where more is known. */
export class BackendUnavailableError extends SemaphoreError {
  override readonly name = "BackendUnavailableError";

  constructor(message: string, options?: ErrorOptions) {
    super("BACKEND_UNAVAILABLE", message, options);
  }
}

/** The two sides don't understand each other: a mistake in slotstream, or another version of it. */
export class ProtocolError extends SemaphoreError {
  override readonly name = "ProtocolError";

  constructor(message: string, options?: ErrorOptions) {
    super("PROTOCOL", message, options);
  }
}

/** An option or argument that cannot work. Nothing was done. */
export class InvalidOptionError extends SemaphoreError {
  override readonly name = "InvalidOptionError";

  constructor(
    /** Its name. */
    readonly option: string,
    message: string,
  ) {
    super("INVALID_OPTION", message);
  }
}

/** Where in a history something is: the `seq` of an event, the line of an export (1 is its header). */
export interface HistoryPlace {
  readonly seq?: number | undefined;
  readonly line?: number | undefined;
}

/**
 * A history cannot be read at some place, does not fit together there, or does not reach as far back as it was asked
 * to.
 */
export class HistoryError extends SemaphoreError implements HistoryPlace {
  override readonly name = "HistoryError";
  readonly seq: number | undefined;
  readonly line: number | undefined;

  /** @param problem what is wrong, without a full stop. @param remedy one sentence, or more. */
  constructor(
    readonly problem: string,
    readonly remedy: string,
    { seq, line }: HistoryPlace = {},
    options?: ErrorOptions,
  ) {
    super("HISTORY", `${describePlace({ seq, line })}${problem}. ${remedy}`, options);
    this.seq = seq;
    this.line = line;
  }
}

/** E.g. `line 8, event 57: `; nothing if it is nowhere in particular. */
function describePlace({ seq, line }: HistoryPlace): string {
  const lines = line === undefined ? [] : [`line ${line}`];
  const events = seq === undefined ? [] : [`event ${seq}`];
  return [...lines, ...events]
    .join(", ")
    .concat(line === undefined && seq === undefined ? "" : ": ");
}

/** The coordinator was closed. */
export class ClosedError extends SemaphoreError {
  override readonly name = "ClosedError";

  constructor() {
    super("CLOSED", "the coordinator is closed. Make a new one, or close it later.");
  }
}
