/**
 * Whether a history is whole: as it was written, from its beginning to its end, and true to itself. It finds damage;
 * somebody who may write everything anew, with new hashes, is found out by a head that was kept elsewhere.
 */

import { restore, snapshot } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import type { HistoryHead } from "../ports.js";
import { apply, begin } from "./beginning.js";
import { Chain } from "./chain.js";
import { decideAgain } from "./decisions.js";
import type { Entries, StoredEntry } from "./entry.js";
import { eventsOf, saysTheSame, stateIn } from "./parts.js";
import { cutOff, type Problem, unreadable, wrongEvents, wrongHead, wrongState } from "./problem.js";

export interface VerifyOptions {
  /** The hash of an entry, as it was printed once or stands in the header of an export: it must be there. */
  readonly head?: string | HistoryHead | undefined;
  /** Whether today's code must decide what was decided; default true. Turn it off for what another version decided. */
  readonly decisions?: boolean | undefined;
}

export interface Verification {
  /** Nothing is wrong. */
  readonly ok: boolean;
  /** How many entries are right: all, or those before the first that is not. */
  readonly entries: number;
  /** How many events these have. */
  readonly events: number;
  /** `seq` of the first event that is kept; `undefined` if nothing is. */
  readonly first: number | undefined;
  /** `seq` of the last event that is right. */
  readonly last: number | undefined;
  /** Hash of the last entry that is right. Kept elsewhere, it proves later that nothing before it was changed. */
  readonly head: string;
  /** The history begins with a checkpoint, since older entries are no longer kept. */
  readonly trimmed: boolean;
  /** The first thing that is wrong. */
  readonly problem?: Problem | undefined;
}

/**
 * Reads all entries, one after the other, and stops at the first that is wrong.
 *
 * @example
 * const { ok, problem, head } = await verify(entries);
 * console.log(ok ? `whole; keep ${head} elsewhere` : problem?.message);
 */
export async function verify(entries: Entries, options: VerifyOptions = {}): Promise<Verification> {
  const verifier = new Verifier(options);
  const source = each(entries);
  try {
    return verifier.result(await verifier.readAll(source));
  } finally {
    await source.return();
  }
}

class Verifier {
  private readonly chain = new Chain();
  private state: State | undefined = undefined;
  private entries = 0;
  private events = 0;
  private headSeen: boolean;

  constructor(private readonly options: VerifyOptions) {
    this.headSeen = this.headHash === "";
  }

  async readAll(source: AsyncGenerator<StoredEntry>): Promise<Problem | undefined> {
    try {
      for (let next = await source.next(); !next.done; next = await source.next()) {
        const problem = await this.read(next.value, source);
        if (problem) return problem;
      }
    } catch (error) {
      return unreadable(error, this.chain.next);
    }
    return this.headSeen ? undefined : this.withoutHead();
  }

  result(problem: Problem | undefined): Verification {
    const { chain, entries, events } = this;
    const { first, trimmed, head } = chain;
    const last = entries === 0 ? undefined : chain.next - 1;
    return { ok: !problem, entries, events, first, last, head, trimmed, problem };
  }

  private async read(
    entry: StoredEntry,
    rest: AsyncIterator<StoredEntry>,
  ): Promise<Problem | undefined> {
    const objection = await this.chain.objectionTo(entry, rest);
    if (objection) return objection;
    const events = eventsOf(entry);
    const problem = this.fold(entry, events);
    if (problem) return problem;
    const isFirst = this.entries === 0;
    this.chain.add(entry, events.length);
    this.entries++;
    this.events += events.length;
    const { headHash } = this;
    if (entry.hash === headHash || (isFirst && entry.previous === headHash)) this.headSeen = true;
    return undefined;
  }

  private fold(entry: StoredEntry, events: ReturnType<typeof eventsOf>): Problem | undefined {
    if (this.state === undefined) {
      const { state, trimmed } = begin(entry);
      this.state = state;
      if (trimmed) return undefined;
    }
    if (this.options.decisions === false) {
      for (const event of events) apply(this.state, event, entry);
    } else {
      const difference = decideAgain(this.state, entry, events);
      if (difference) return wrongEvents(entry, difference);
    }
    return hasState(entry, this.state) ? undefined : wrongState(entry);
  }

  private withoutHead(): Problem {
    const { head } = this.options;
    const last = this.chain.next - 1;
    if (typeof head === "object" && head.seq > last) return cutOff(last, head);
    return wrongHead(last, this.headHash);
  }

  private get headHash(): string {
    const { head = "" } = this.options;
    return typeof head === "string" ? head : head.hash;
  }
}

/** Whether a checkpoint has this state; what is none has nothing to compare. */
function hasState(entry: StoredEntry, state: State): boolean {
  if (entry.state === undefined) return true;
  const known = snapshot(state);
  if (entry.state === JSON.stringify(known)) return true;
  return saysTheSame(snapshot(restore(stateIn(entry))), known);
}

async function* each(entries: Entries): AsyncGenerator<StoredEntry, void, undefined> {
  yield* entries;
}
