/**
 * One line for every command, event and state: shared by traces, the command line, the
 * inspector and failing tests, so that the same thing reads the same everywhere.
 */

import type { Command, ReassertCommand, Terms } from "./command.js";
import { isPaused } from "./deadlines.js";
import { answeredSession, type Event, type ReassertedEvent } from "./event.js";
import {
  type AcquisitionRecord,
  logTime,
  type SemaphoreRecord,
  type State,
  steadyTime,
} from "./state.js";

/** E.g. `acquire a on api value=2 ttl=30s by s#1`. */
export function describeCommand(command: Command): string {
  switch (command.type) {
    case "acquire": {
      const { acquisition, semaphore, value, terms } = command;
      return `acquire ${acquisition} on ${semaphore} value=${value}${describeTerms(terms)}${by(command)}`;
    }
    case "release":
      return `release ${command.acquisition}${by(command)}`;
    case "cancel":
      return `cancel ${command.acquisition} (${command.reason})${by(command)}`;
    case "revoke":
      return `revoke ${command.acquisition}${command.force ? " force" : ""}${asked(command)}${by(command)}`;
    case "resize": {
      const declared = command.declared === undefined ? "" : ` declared=${command.declared}`;
      return `resize ${command.semaphore} value=${command.value}${declared}${asked(command)}${by(command)}`;
    }
    case "reassert":
      return `reassert ${command.acquisition} on ${command.semaphore}${describeHold(command)}${by(command)}`;
    case "leave":
      return `leave${command.former === undefined ? "" : ` as ${command.former}`}${by(command)}`;
    case "heartbeat":
      return `heartbeat${by(command)}`;
    case "tick":
      return "tick";
    case "rebase":
      return `rebase ${duration(command.byMs)}`;
    case "restart":
      return `restart pause=${duration(command.pauseMs)}`;
  }
}

/** E.g. `granted a on api slot=0 token=7`; without its time and number, which callers show their own way. */
export function describeEvent(event: Event): string {
  switch (event.type) {
    case "queued":
      return `${about(event)} value=${event.value} position=${event.position}${describeTerms(event.terms)}${answering(event)}`;
    case "granted":
      return `${about(event)} slot=${event.slot} token=${event.token}`;
    case "reasserted":
      return `${about(event)}${describeHold(event)}${event.from === undefined ? "" : ` from=${event.from}`}${answering(event)}`;
    case "released":
      return `${about(event)} (${event.reason})${answering(event)}`;
    case "expired":
      return `${about(event)} (${event.reason})${asked(event)}${answering(event)}`;
    case "abandoned":
      return `${about(event)} (${event.reason}) declared=${event.declared} effective=${event.effective} held=${event.held} queued=${event.queued}${asked(event)}${answering(event)}`;
    case "revoked":
      return `${about(event)}${asked(event)}${answering(event)}`;
    case "declared":
      return `declared ${event.semaphore} value=${event.value}`;
    case "resized":
      return `resized ${event.semaphore} declared=${event.declared} effective=${event.effective}${asked(event)}${answering(event)}`;
    case "heartbeat":
      return `heartbeat${answering(event)}`;
    case "left":
      return `left${event.by === undefined ? "" : ` as ${event.session}`}${answering(event)}`;
    case "ignored": {
      const what = event.acquisition === undefined ? "" : ` ${event.acquisition}`;
      return `ignored ${event.command}${what} (${event.reason})${answering(event)}`;
    }
    case "refused":
      return `refused (${event.reason})${answering(event)}`;
    case "resumed":
      return `resumed after ${duration(event.gapMs)}`;
    case "rebased":
      return `rebased ${duration(event.byMs)}`;
    case "restarted":
      return `restarted paused-until=${duration(event.pausedUntil)}`;
    case "swept":
      return `swept semaphores=[${event.semaphores.join(" ")}] sessions=[${event.sessions.join(" ")}]`;
    case "ticked":
      return "ticked";
  }
}

/** E.g. `at=1.5s seq=4 token=1 | api 1/2 held=[0:a] queue=[b c] | s#3 owns=3`. */
export function describeState(state: State): string {
  const { at, seq, token, shiftMs, pausedUntil } = state;
  const shift = shiftMs > 0 ? ` shift=${duration(shiftMs)}` : "";
  const paused = isPaused(state, steadyTime(state, at))
    ? ` paused-until=${duration(logTime(state, pausedUntil))}`
    : "";
  const head = `at=${duration(at)} seq=${seq} token=${token}${shift}${paused}`;
  const semaphores = [...state.semaphores.values()].map(describeSemaphore);
  const sessions = [...state.sessions.values()].map(
    ({ id, applied, owned }) => `${id}#${applied} owns=${owned.size}`,
  );
  return [head, ...semaphores.sort(), ...sessions.sort()].join(" | ");
}

/** E.g. `250ms`, `1.5s`, `90s`. */
export function duration(ms: number): string {
  return Math.abs(ms) < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}

function describeSemaphore(semaphore: SemaphoreRecord): string {
  const { name, declared, effective, holders, queue } = semaphore;
  const regular = declared === effective ? "" : ` (declared ${declared})`;
  const held = [...holders]
    .sort((a, b) => slotOf(a) - slotOf(b))
    .map((holder) => `${slotOf(holder)}:${holder.id}${holder.revoked ? "!" : ""}`);
  const waiting = [...queue].map(({ id }) => id);
  return `${name} ${holders.size}/${effective}${regular} held=[${held.join(" ")}] queue=[${waiting.join(" ")}]`;
}

/** `NaN` in a broken state, which is described as well. */
function slotOf({ grant }: AcquisitionRecord): number {
  return Number(grant?.slot);
}

function describeHold(hold: ReassertCommand | ReassertedEvent): string {
  const { slot, token, value, ttlLeftMs, terms } = hold;
  const left = ttlLeftMs === undefined ? "" : ` ttl-left=${duration(ttlLeftMs)}`;
  return ` slot=${slot} token=${token} value=${value}${left}${describeTerms(terms)}`;
}

function describeTerms(terms: Terms): string {
  const parts: string[] = [];
  if (terms.noWait) parts.push("no-wait");
  if (terms.maxAcquireTimeMs !== undefined) parts.push(`max=${duration(terms.maxAcquireTimeMs)}`);
  if (terms.ttlMs !== undefined) parts.push(`ttl=${duration(terms.ttlMs)}`);
  if (terms.heartbeatMaxIntervalMs !== undefined) {
    parts.push(`heartbeat=${duration(terms.heartbeatMaxIntervalMs)}`);
  }
  if (terms.maxQueueSize !== undefined) parts.push(`queue=${terms.maxQueueSize}`);
  if (terms.onValueMismatch === "adopt") parts.push("adopt");
  for (const [key, value] of Object.entries(terms.metadata ?? {}))
    parts.push(`${key}=${JSON.stringify(value)}`);
  return parts.map((part) => ` ${part}`).join("");
}

function about(event: { type: string; acquisition: string; semaphore: string }): string {
  return `${event.type} ${event.acquisition} on ${event.semaphore}`;
}

function by(command: { session: string; number: number | undefined }): string {
  return ` by ${command.session}#${command.number}`;
}

function asked({ operator }: { readonly operator?: string | undefined }): string {
  return operator === undefined ? "" : ` operator=${JSON.stringify(operator)}`;
}

function answering(event: Event): string {
  const session = answeredSession(event);
  return session === undefined ? "" : by({ session, number: event.number });
}
