/**
 * Commands: what a session asks, in the imperative. A command is data; it has no effect
 * until `decide` has said what follows from it.
 */

/** How many slots a semaphore may have. */
export const MAX_VALUE = 1_000_000;

/** No fencing token is higher: tokens are microseconds, and it will take a century until they are so many. */
export const MAX_TOKEN = 2 ** 52;

/** What an acquisition was asked with. Kept with it for its whole life: nobody else's options judge it. */
export interface Terms {
  /** Give up at once, as `busy`, unless a slot is free now. */
  readonly noWait?: boolean | undefined;
  /** How long it may wait, counted from the acquire. */
  readonly maxAcquireTimeMs?: number | undefined;
  /** How long it may hold, counted from the grant. */
  readonly ttlMs?: number | undefined;
  /** How long its session may be silent before it counts as dead. */
  readonly heartbeatMaxIntervalMs?: number | undefined;
  /** Give up at once, as `queue-full`, when so many wait already. */
  readonly maxQueueSize?: number | undefined;
  /** What to do when the semaphore is in use with another value; `reject` when absent. */
  readonly onValueMismatch?: "reject" | "adopt" | undefined;
  /** Shown in history. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Who asks. The outbox numbers the commands of a session 1, 2, 3 … when it sends them. */
interface FromSession {
  session: string;
  number: number;
}

export interface AcquireCommand extends FromSession {
  readonly type: "acquire";
  readonly semaphore: string;
  readonly acquisition: string;
  /** How many slots the caller believes the semaphore to have. */
  readonly value: number;
  readonly terms: Terms;
}

export interface ReleaseCommand extends FromSession {
  readonly type: "release";
  readonly acquisition: string;
}

export interface CancelCommand extends FromSession {
  readonly type: "cancel";
  readonly acquisition: string;
  /** Why the caller no longer wants it. */
  readonly reason: "cancelled" | "timeout";
}

export interface HeartbeatCommand extends FromSession {
  readonly type: "heartbeat";
}

export interface LeaveCommand extends FromSession {
  readonly type: "leave";
  /** Not this session leaves, but the one that its process was before, under this name. */
  readonly former?: string | undefined;
}

/** A holder whom the data may have forgotten says what it holds. Under the name that its process has now. */
export interface ReassertCommand extends FromSession {
  readonly type: "reassert";
  readonly semaphore: string;
  readonly acquisition: string;
  readonly slot: number;
  readonly token: number;
  readonly value: number;
  readonly terms: Terms;
  /** Log times, as its holder was told. */
  readonly queuedAt: number;
  readonly grantedAt: number;
  /** How much is left of its TTL, in milliseconds; no less than its holder believes. */
  readonly ttlLeftMs?: number | undefined;
}

export interface ResizeCommand extends FromSession {
  readonly type: "resize";
  readonly semaphore: string;
  /** How many slots it shall have from now on; 0 pauses it. */
  readonly value: number;
  /** Its regular value; with it, a semaphore that nobody uses can be resized as well. */
  readonly declared?: number | undefined;
  /** Who asks, as he calls himself. Shown in history. */
  readonly operator?: string | undefined;
}

export interface RevokeCommand extends FromSession {
  readonly type: "revoke";
  readonly acquisition: string;
  /** Take the slot back at once, without waiting for the holder. */
  readonly force: boolean;
  /** Who asks, as he calls himself. Shown in history. */
  readonly operator?: string | undefined;
}

/** The empty command: time has passed. */
export interface TickCommand {
  readonly type: "tick";
}

/** The clock that log time comes from jumped, so log time moved on by more than time did. */
export interface RebaseCommand {
  readonly type: "rebase";
  /**
   * By how much more, in whole milliseconds. Log time never goes back: where the clock was set back,
   * it stands still or goes on as before, so that a negative jump leaves nothing to shift.
   */
  readonly byMs: number;
}

/** The data may have lost its last moments: grant nothing until every session has noticed. */
export interface RestartCommand {
  readonly type: "restart";
  /** For how long, in milliseconds from now; what is left of an earlier pause is never shortened. */
  readonly pauseMs: number;
}

/** A command that a session sends. */
export type SessionCommand =
  | AcquireCommand
  | ReleaseCommand
  | CancelCommand
  | HeartbeatCommand
  | LeaveCommand
  | ReassertCommand
  | ResizeCommand
  | RevokeCommand;

/** A command of the leader's own: nobody waits for an answer, so it has no number. */
export type LeaderCommand = TickCommand | RebaseCommand | RestartCommand;

export type Command = SessionCommand | LeaderCommand;

export const TICK: TickCommand = { type: "tick" };
