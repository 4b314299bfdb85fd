/** A simulated Redis at which rare paths are counted, before and after what it does. */

import type { Commit, CommitResult, EntryId, Term } from "../../../src/ports.js";
import type { Reached } from "../reached.js";
import type { Data, StreamEntry } from "../redis/data.js";
import { type Observer, SimulatedRedis } from "../redis/server.js";
import type { Timeline } from "../timeline.js";

/** Whoever claims so soon after another one resigned did not wait for the end of its lease. */
const AT_ONCE_MS = 500;

/** What else of the world it looks at. */
export interface Surroundings {
  /** How many processes believe to lead. */
  leading(): number;
  /** Whether a user holds something. */
  isHeld(): boolean;
}

export class WatchedRedis extends SimulatedRedis {
  private resigned: { readonly candidate: string; readonly at: number } | undefined = undefined;

  constructor(
    private readonly trueTime: Timeline,
    observer: Observer,
    private readonly reached: Reached,
    private readonly surroundings: Surroundings,
  ) {
    super(trueTime, observer);
  }

  override add(fields: StreamEntry["fields"]): EntryId {
    if (this.isFull) this.reached.count("memory was full when somebody asked");
    return super.add(fields);
  }

  override claim(
    ...args: Parameters<SimulatedRedis["claim"]>
  ): ReturnType<SimulatedRedis["claim"]> {
    const reply = super.claim(...args);
    if (reply.won) this.won(args[0]);
    return reply;
  }

  override resign(term: Term): void {
    const { leader } = this.data;
    super.resign(term);
    if (!leader || this.data.leader) return;
    this.resigned = { candidate: leader.candidate, at: this.trueTime.now };
  }

  override commit(term: Term, commit: Commit): CommitResult {
    const repeats = this.answers.again;
    const firstBefore = this.data.history[0]?.seq ?? 1;
    const result = super.commit(term, commit);
    if (result === "epoch") this.reached.count("a commit of an old epoch was refused");
    if (result === "cursor" || this.answers.again > repeats) {
      this.reached.count("a commit came twice, or out of turn");
    }
    const first = this.data.history[0]?.seq ?? 1;
    if (first > firstBefore) this.reached.count("the history was trimmed");
    if (commit.history.state !== undefined) this.reached.count("a checkpoint was written");
    return result;
  }

  override shiftClock(ms: number): void {
    this.reached.count(ms > 0 ? "the clock was set ahead" : "the clock was set back");
    super.shiftClock(ms);
  }

  override start(data?: Data): void {
    const before = this.data.meta?.commit ?? 0;
    super.start(data);
    const isOlder = (this.data.meta?.commit ?? 0) < before;
    if (isOlder) this.reached.count("the data went back to an older state");
  }

  override deleteEverything(): void {
    if (this.surroundings.isHeld()) this.reached.count("all data was lost while somebody held");
    super.deleteEverything();
  }

  private won(candidate: string): void {
    const { resigned } = this;
    const isSoon = resigned && this.trueTime.now - resigned.at < AT_ONCE_MS;
    if (isSoon && resigned.candidate !== candidate) {
      this.reached.count("a leader resigned and another one followed at once");
    }
    this.resigned = undefined;
    // The claimant itself does not know it yet.
    if (this.surroundings.leading() > 0) this.reached.count("two believed to lead at once");
  }
}
