/**
 * Options as users give them: checked once, with errors that say what, why and the remedy, and
 * turned into the terms that travel with every acquire.
 */

import { inspect as inspectValue } from "node:util";
import { MAX_VALUE, type Terms } from "../core/command.js";
import { InvalidOptionError } from "../errors.js";
import type { Inspect } from "../session/inspection.js";
import type { Logger } from "../session/logger.js";

const REMEDIES = {
  ttlMs: "Leave it out to hold without a limit.",
  maxAcquireTimeMs: "Leave it out to wait without a limit, or use tryAcquire() not to wait.",
  heartbeatMaxIntervalMs: "Leave it out for the default.",
};

const MAX_NAME_BYTES = 512;
const MAX_METADATA_BYTES = 1024;
/** The shortest time that a process can be required to say something in. */
export const MIN_HEARTBEAT_MS = 500;

/** Options of a semaphore that every acquire may override. All durations are in milliseconds. */
export interface AcquireDefaults {
  /** The slot is taken back when it was held for so long; counts from the grant. Default: never. */
  readonly ttlMs?: number | undefined;
  /** How long to wait for a slot; counts from the acquire. Default: for ever. */
  readonly maxAcquireTimeMs?: number | undefined;
  /** The slot comes back when its process was silent for longer. At least 500; default: 15,000 on Redis, not watched in memory. */
  readonly heartbeatMaxIntervalMs?: number | undefined;
  /** Reject with `QueueFullError` when so many wait already. Default: no limit. */
  readonly maxQueueSize?: number | undefined;
  /** What to do when the semaphore is in use with another value. Default: `reject`. */
  readonly onValueMismatch?: "reject" | "adopt" | undefined;
  /** Shown in history, `holders()` and `waiters()`. At most 1,024 bytes in all. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Told of acquires and releases (debug) and of losses (warn). */
  readonly logger?: Logger | undefined;
  /** Observes each acquisition as a real XState actor. Costs some 25 µs an acquisition. */
  readonly inspect?: Inspect | undefined;
}

export interface SemaphoreOptions extends AcquireDefaults {
  /** Semaphores of the same name share their slots. At most 512 bytes, no control characters. */
  readonly name: string;
  /** How many slots there are: 1 … 1,000,000. */
  readonly value: number;
}

export interface AcquireOptions extends AcquireDefaults {
  /** Stops the waiting: the acquire rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/** What an acquire was asked with, checked. */
export interface CheckedAcquire {
  readonly terms: Terms;
  readonly logger: Logger | undefined;
  readonly inspect: Inspect | undefined;
}

/** What a coordinator says about the acquires of its semaphores. */
export interface AcquireLimits {
  /** For acquires that don't say otherwise. */
  readonly heartbeatMaxIntervalMs?: number;
  /** The longest one allowed. */
  readonly longestHeartbeatMs?: number;
}

/** Names of all options in `AcquireDefaults`. */
export const ACQUIRE_OPTIONS = [
  "ttlMs",
  "maxAcquireTimeMs",
  "heartbeatMaxIntervalMs",
  "maxQueueSize",
  "onValueMismatch",
  "metadata",
  "logger",
  "inspect",
];

/** @throws InvalidOptionError for what is no plain object, or a key that is none of these. */
export function checkKeys(options: unknown, allowed: readonly string[]): void {
  if (!isPlainObject(options)) {
    throw new InvalidOptionError(
      "options",
      `options must be an object such as { ${allowed[0]}: … }, but are ${show(options)}.`,
    );
  }
  const unknown = Object.keys(options).find((key) => !allowed.includes(key));
  if (unknown === undefined) return;
  const similar = allowed.find((key) => key.toLowerCase().startsWith(unknown.toLowerCase()));
  const remedy = similar ? `Did you mean ${similar}?` : `There are: ${allowed.join(", ")}.`;
  throw new InvalidOptionError(unknown, `there is no option ${unknown}. ${remedy}`);
}

/** @throws InvalidOptionError */
export function checkSemaphoreOptions(options: SemaphoreOptions, more: readonly string[]): void {
  checkKeys(options, ["name", "value", ...more, ...ACQUIRE_OPTIONS]);
  checkName(options.name);
  checkValue(options.value, 1);
}

/** The options of one acquire over those of its semaphore. @throws InvalidOptionError */
export function checkAcquireOptions(
  options: AcquireDefaults,
  defaults: CheckedAcquire | undefined,
  limits: AcquireLimits,
): CheckedAcquire {
  const base = defaults?.terms ?? {};
  return {
    terms: Object.freeze({
      noWait: undefined,
      maxAcquireTimeMs: duration(options, "maxAcquireTimeMs", 1) ?? base.maxAcquireTimeMs,
      ttlMs: duration(options, "ttlMs", 1) ?? base.ttlMs,
      heartbeatMaxIntervalMs:
        heartbeatMs(options, limits) ??
        base.heartbeatMaxIntervalMs ??
        limits.heartbeatMaxIntervalMs,
      maxQueueSize: queueSize(options.maxQueueSize) ?? base.maxQueueSize,
      onValueMismatch: onMismatch(options.onValueMismatch) ?? base.onValueMismatch,
      metadata: metadata(options.metadata) ?? base.metadata,
    }),
    logger: checkLogger(options.logger) ?? defaults?.logger,
    inspect: inspect(options.inspect) ?? defaults?.inspect,
  };
}

/** @throws InvalidOptionError unless it is 1 (or `least`) … 1,000,000. */
export function checkValue(value: unknown, least: 0 | 1): void {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= MAX_VALUE) return;
  throw new InvalidOptionError(
    "value",
    `value must be a whole number from ${least} to ${MAX_VALUE}, but is ${show(value)}. ` +
      `It is how many may hold a slot at a time${least === 0 ? "; 0 pauses" : ""}.`,
  );
}

/** @throws InvalidOptionError */
export function checkName(name: unknown): void {
  const problem = nameProblem(name);
  if (problem) throw new InvalidOptionError("name", `name ${problem}, but is ${show(name)}.`);
}

/** The log takes no command with an id that none can be, nor any that follows it. @throws InvalidOptionError */
export function checkId(id: unknown): void {
  if (typeof id === "string" && id !== "" && !/[\p{Cc}\p{Cs}]/u.test(id)) return;
  throw new InvalidOptionError(
    "id",
    `an acquisition's id must be a string without control characters, but is ${show(id)}. ` +
      "Pass acquisition.id, or call acquisition.release().",
  );
}

/** @throws InvalidOptionError unless it is 0, 1, 2 … */
export function checkWhole(
  option: string,
  value: unknown,
  remedy = "Leave it out for the default.",
): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidOptionError(
    option,
    `${option} must be a whole number from 0 on, but is ${show(value)}. ${remedy}`,
  );
}

/** @throws InvalidOptionError */
export function checkSignal(signal: unknown): void {
  if (signal === undefined || (hasMethods(signal, "addEventListener") && "aborted" in signal))
    return;
  throw new InvalidOptionError(
    "signal",
    `signal must be an AbortSignal, but is ${show(signal)}. Of an AbortController, pass controller.signal.`,
  );
}

/** @throws InvalidOptionError */
export function checkTask(task: unknown): void {
  if (typeof task === "function") return;
  throw new InvalidOptionError("task", `the task must be a function, but is ${show(task)}.`);
}

function nameProblem(name: unknown): string | undefined {
  if (typeof name !== "string" || name === "") return "must be a string that is not empty";
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `must have at most ${MAX_NAME_BYTES} bytes`;
  if (/\p{Cc}/u.test(name)) return "must not contain control characters";
  if (/\p{Cs}/u.test(name)) return "must be well-formed Unicode";
  return undefined;
}

function duration(
  options: AcquireDefaults,
  option: "ttlMs" | "maxAcquireTimeMs" | "heartbeatMaxIntervalMs",
  least: number,
): number | undefined {
  const ms: unknown = options[option];
  if (ms === undefined) return undefined;
  if (typeof ms === "number" && ms >= least && ms <= Number.MAX_SAFE_INTEGER) return Math.ceil(ms);
  throw new InvalidOptionError(
    option,
    `${option} must be a number of milliseconds, at least ${least}, but is ${show(ms)}. ` +
      REMEDIES[option],
  );
}

function heartbeatMs(
  options: AcquireDefaults,
  { longestHeartbeatMs = Infinity }: AcquireLimits,
): number | undefined {
  const ms = duration(options, "heartbeatMaxIntervalMs", MIN_HEARTBEAT_MS);
  if (ms === undefined || ms <= longestHeartbeatMs) return ms;
  throw new InvalidOptionError(
    "heartbeatMaxIntervalMs",
    `heartbeatMaxIntervalMs must be at most failoverPauseMs (${longestHeartbeatMs}), but is ${ms}: ` +
      "after a restart of Redis, grants pause for so long as a holder may be silent. Raise failoverPauseMs as well.",
  );
}

function queueSize(size: unknown): number | undefined {
  if (size === undefined) return undefined;
  return checkWhole("maxQueueSize", size, "Leave it out for no limit.");
}

function onMismatch(choice: unknown): "reject" | "adopt" | undefined {
  if (choice === undefined || choice === "reject" || choice === "adopt") return choice;
  throw new InvalidOptionError(
    "onValueMismatch",
    `onValueMismatch must be "reject" or "adopt", but is ${show(choice)}.`,
  );
}

function metadata(data: unknown): Readonly<Record<string, string>> | undefined {
  if (data === undefined) return undefined;
  if (isStrings(data) && Buffer.byteLength(JSON.stringify(data)) <= MAX_METADATA_BYTES) {
    return Object.freeze({ ...data });
  }
  throw new InvalidOptionError(
    "metadata",
    `metadata must be an object of strings with at most ${MAX_METADATA_BYTES} bytes in all, but is ` +
      `${show(data)}. Keep what is larger elsewhere, under the acquisition's id.`,
  );
}

/** @throws InvalidOptionError */
export function checkLogger(logger: Logger | undefined): Logger | undefined {
  if (logger === undefined || hasMethods(logger, "debug", "info", "warn", "error")) return logger;
  throw new InvalidOptionError(
    "logger",
    `logger must have the methods debug, info, warn and error, but is ${show(logger)}. The console has.`,
  );
}

function inspect(observer: Inspect | undefined): Inspect | undefined {
  const fits = observer === undefined || typeof observer === "function" || isObserver(observer);
  if (fits) return observer;
  throw new InvalidOptionError(
    "inspect",
    `inspect must be a function or an observer with next(), but is ${show(observer)}.`,
  );
}

function isObserver(value: unknown): boolean {
  return hasMethods(value, "next");
}

function hasMethods(value: unknown, ...names: readonly string[]): value is object {
  if (typeof value !== "object" || value === null) return false;
  return names.every((name) => typeof Reflect.get(value, name) === "function");
}

function isStrings(value: unknown): value is Record<string, string> {
  return isPlainObject(value) && Object.values(value).every((text) => typeof text === "string");
}

/** An object literal, from whatever realm. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function show(value: unknown): string {
  const text = inspectValue(value, { depth: 1, breakLength: Infinity, compact: true });
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
