/** A simulated store that counts what became of commits whose replies were lost. */

import type { Commit, CommitResult, Position, Term } from "../../../src/ports.js";
import { SimulatedStore } from "../process/store.js";
import type { Reached } from "../reached.js";

export class WatchedStore extends SimulatedStore {
  /** Commits that were sent and not answered. */
  private readonly unanswered = new Set<number>();

  constructor(
    private readonly reached: Reached,
    ...args: ConstructorParameters<typeof SimulatedStore>
  ) {
    super(...args);
  }

  override async commit(term: Term, commit: Commit): Promise<CommitResult> {
    this.unanswered.add(commit.number);
    const result = await super.commit(term, commit);
    this.unanswered.delete(commit.number);
    return result;
  }

  override async position(): Promise<Position> {
    const position = await super.position();
    const isThere = [...this.unanswered].some((number) => number <= position.commit);
    if (isThere) this.reached.count("a commit whose reply was lost was found done");
    if (this.unanswered.size > 0 && !isThere)
      this.reached.count("a commit that got lost was sent again");
    this.unanswered.clear();
    return position;
  }
}
