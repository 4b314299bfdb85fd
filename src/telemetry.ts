/**
 * What a process tells about itself, for metrics and traces: channels of `node:diagnostics_channel`, and what is
 * told on each. Nobody computes or times anything for a channel without subscribers. docs/guides/observability.md
 * has the table; `src/metrics` has consumers.
 */

import { channel } from "node:diagnostics_channel";
import type { AbandonedEvent } from "./core/event.js";
import type { LossReason } from "./errors.js";
import type { Clock } from "./ports.js";

/** Where the slots live: in this process, or on Redis. */
export type TelemetryMode = "memory" | "redis";

/** Somebody asks for a slot. The other messages of the same life refer to this very object. */
export interface AcquisitionAsked {
  /** The id under which it was asked for. */
  readonly id: string;
  readonly semaphore: string;
  /** How many slots were declared. */
  readonly value: number;
  readonly mode: TelemetryMode;
  /** It is not to wait: `tryAcquire()`. */
  readonly noWait: boolean;
}

/** It holds a slot. */
export interface AcquisitionGranted {
  readonly asked: AcquisitionAsked;
  /** Its id in the history; another one than at first if the data in Redis had forgotten it. */
  readonly acquisition: string;
  readonly slot: number;
  readonly token: number;
  /** Its place in the queue when it was put there; 1 is the head. */
  readonly position: number | undefined;
  /** Since it was asked for, in milliseconds. */
  readonly waitMs: number;
}

/** Why nobody waits any more. `closed`: by its own coordinator. `unreachable`: nobody will ever decide. */
export type AbandonReason = Exclude<AbandonedEvent["reason"], "lost"> | "closed" | "unreachable";

/** `expired`: a rule took the slot. `lost`: its coordinator or the data in Redis has let it go. */
export type Ending =
  | { readonly outcome: "released"; readonly reason: undefined }
  | { readonly outcome: "expired"; readonly reason: "ttl" | "heartbeat" | "revoked" }
  | { readonly outcome: "lost"; readonly reason: "closed" | "forgotten" | "superseded" }
  | { readonly outcome: "abandoned"; readonly reason: AbandonReason };

export const RELEASED: Ending = { outcome: "released", reason: undefined };

/** Its user has no slot any more, or never gets one. Comes exactly once for whatever was asked. */
export interface AcquisitionEnded {
  readonly asked: AcquisitionAsked;
  readonly acquisition: string;
  readonly outcome: Ending["outcome"];
  readonly reason: Ending["reason"];
  /** Until the grant, or until nobody waited any more; in milliseconds. */
  readonly waitMs: number;
  /** From the grant on, in milliseconds; `undefined` if there was none. */
  readonly holdMs: number | undefined;
}

/** The event loop was blocked, so that a heartbeat came late. */
export interface SessionBlocked {
  readonly mode: TelemetryMode;
  readonly blockedMs: number;
}

/** Another process leads than before, and something that was asked had to wait for it. */
export interface SessionFailover {
  /** Of the new leader. */
  readonly epoch: number;
  /** From the writing of the oldest command without an answer to the first word of the new leader, in milliseconds. */
  readonly durationMs: number;
}

/** The leader in this process has stored what followed from a batch. */
export interface ReconcilerCommitted {
  readonly epoch: number;
  readonly entries: number;
  readonly commands: number;
  readonly events: number;
  /** How old the oldest entry was when it was decided, in milliseconds, by the time of the log; or a few less. */
  readonly lagMs: number;
  /** From the decision to the answer of Redis that it is stored, in milliseconds. */
  readonly durationMs: number;
}

/** This process leads. */
export interface ReconcilerTermBegun {
  readonly epoch: number;
}

/** This process leads no more. */
export interface ReconcilerTermEnded {
  readonly epoch: number;
  readonly reason: "fenced" | "unconfirmed" | "resigned" | "lost" | "failed";
  readonly commits: number;
  readonly durationMs: number;
}

/** What is told on which channel. */
export interface TelemetryMessages {
  "slotstream:acquisition:asked": AcquisitionAsked;
  "slotstream:acquisition:granted": AcquisitionGranted;
  "slotstream:acquisition:ended": AcquisitionEnded;
  "slotstream:session:blocked": SessionBlocked;
  "slotstream:session:failover": SessionFailover;
  "slotstream:reconciler:committed": ReconcilerCommitted;
  "slotstream:reconciler:term-begun": ReconcilerTermBegun;
  "slotstream:reconciler:term-ended": ReconcilerTermEnded;
}

/** A channel of Node's, where only this type of message is told. */
export interface TelemetryChannel<Message> {
  readonly hasSubscribers: boolean;
  publish(message: Message): void;
  subscribe(hear: (message: Message) => void): void;
  unsubscribe(hear: (message: Message) => void): void;
}

export const acquisitionAsked = open("slotstream:acquisition:asked");
export const acquisitionGranted = open("slotstream:acquisition:granted");
export const acquisitionEnded = open("slotstream:acquisition:ended");
export const sessionBlocked = open("slotstream:session:blocked");
export const sessionFailover = open("slotstream:session:failover");
export const reconcilerCommitted = open("slotstream:reconciler:committed");
export const reconcilerTermBegun = open("slotstream:reconciler:term-begun");
export const reconcilerTermEnded = open("slotstream:reconciler:term-ended");

/** Now, as finely as the clock can tell, in milliseconds; only differences mean anything. */
export function moment(clock: Clock): number {
  return clock.precise?.() ?? clock.now();
}

/** What a loss is called. */
export function endingOf(reason: LossReason): Ending {
  switch (reason) {
    case "ttl":
    case "heartbeat":
    case "revoked":
      return { outcome: "expired", reason };
    case "closed":
    case "forgotten":
    case "superseded":
      return { outcome: "lost", reason };
  }
}

function open<Name extends keyof TelemetryMessages>(
  name: Name,
): TelemetryChannel<TelemetryMessages[Name]> {
  // Node types messages as unknown. Nobody but slotstream publishes under these names.
  return channel(name) as TelemetryChannel<TelemetryMessages[Name]>;
}
