/** What tests of the ports say and hear, whatever is behind them. */

import { messageId, NO_MESSAGE } from "../../src/message-ids.js";
import type {
  Commit,
  EntryId,
  Lease,
  Message,
  MessageId,
  Outgoing,
  Term,
  UplinkListener,
} from "../../src/ports.js";
import { outgoing } from "./kept.js";
import { Mailbox } from "./mailbox.js";

/** Hears what an uplink says. */
export class Ear implements UplinkListener {
  readonly ups = new Mailbox<void>();
  readonly downs = new Mailbox<Error>();
  readonly messages = new Mailbox<{ session: string; message: Message }>();

  up(): void {
    this.ups.put();
  }

  down(reason: Error): void {
    this.downs.put(reason);
  }

  receive(session: string, message: Message): void {
    this.messages.put({ session, message });
  }
}

/** Wins the term, or fails. */
export async function lead({ lease }: { readonly lease: Lease }, candidate = "me"): Promise<Term> {
  const claim = await lease.claim(candidate);
  if (!claim.won) throw new Error(`somebody else leads for ${claim.ledForMs} ms`);
  return claim.term;
}

/** The first commit, after an entry; it changes nothing unless it is told to. */
export function aCommit(to: EntryId, changes: Partial<Commit> = {}): Commit {
  const nothing = new Map<string, string | undefined>();
  return {
    number: 1,
    from: "0-0",
    to,
    at: Number(to.split("-")[0]),
    seq: 1,
    token: 0,
    sweepAt: null,
    shiftMs: 0,
    pausedUntil: 0,
    pauseMs: 0,
    restarted: false,
    counts: { semaphores: 0, acquisitions: 0, sessions: 0 },
    semaphores: nothing,
    acquisitions: nothing,
    sessions: nothing,
    history: { seq: 1, commands: "[]", events: '[{"seq":1,"at":1,"type":"ticked"}]', hash: "h" },
    checkpoints: undefined,
    owed: 0,
    trimTo: undefined,
    messages: new Map(),
    ...changes,
  };
}

/** Tells each of the sessions something, after this event. */
export function telling(sessions: readonly string[], after = 0): ReadonlyMap<string, Outgoing> {
  return new Map(
    sessions.map((session) => [session, outgoing(aMessage(after), [aMessageId(after + 1)])]),
  );
}

export function aMessage(after: number): string {
  return (
    `{"id":"${aMessageId(after + 1)}","after":"${aMessageId(after)}","applied":1,` +
    `"events":[{"seq":${after + 1},"at":1,"type":"ticked"}]}`
  );
}

/** Of the message of the first term that ends with this event. */
export function aMessageId(seq: number): MessageId {
  return seq === 0 ? NO_MESSAGE : messageId(1, seq);
}

export function aSession(applied = 1): string {
  return JSON.stringify({ id: "s", applied, heardAt: 5, idleSince: null, watches: [] });
}

export function aSemaphore(held: number, queued = 0, effective = 2): string {
  return JSON.stringify({ declared: 2, effective, idleSince: null, held, queued });
}

/** A holder, if it has a slot; else a waiter. */
export function anAcquisition(sequence: number, slot?: number): string {
  const grant = slot === undefined ? null : { slot, token: 100 + sequence, at: 10 + sequence };
  const terms = { ttlMs: 1_000, metadata: { job: "7" } };
  const times = { queuedAt: 10, deadline: slot === undefined ? null : 1_010 };
  return JSON.stringify({ sequence, session: "s", terms, ...times, grant, revoked: false });
}
