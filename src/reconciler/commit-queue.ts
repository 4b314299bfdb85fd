/**
 * Commits on their way into the data, in order. A few are under way at a time. After a lost reply the
 * data is asked how far it came, and what is missing is sent again, byte for byte.
 */

import { BackendUnavailableError, ProtocolError } from "../errors.js";
import type { Clock, Commit, Position, Store, Term } from "../ports.js";
import { pause } from "./pause.js";

/** `fenced`: another term has begun. `lost`: the data has forgotten commits. `failed`: it cannot go on. */
export type CommitFailure =
  | { readonly reason: "fenced" | "lost" }
  | { readonly reason: "failed"; readonly error: unknown };

/** So many wait at most: deciding further ahead would only cost memory. */
const CAPACITY = 4;
/** So many are under way at a time: one is written while the next is on its way. */
const UNDER_WAY = 2;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** How often in a row the data may say that a commit doesn't follow, though it should. */
const PATIENCE = 5;

export class CommitQueue {
  /** Not confirmed yet, oldest first. */
  private readonly commits: Commit[] = [];
  private underWay = 0;
  private recovering = false;
  /** In a row: tries without success, and answers that a commit doesn't follow. */
  private failures = 0;
  private refusals = 0;
  private stopped = false;
  private onRoom: (() => void) | undefined = undefined;

  constructor(
    private readonly store: Pick<Store, "commit" | "position">,
    private readonly clock: Clock,
    private readonly term: Term,
    /** Number of the last commit that is known to be in the data. */
    private confirmed: number,
    private readonly onFailure: (failure: CommitFailure) => void,
    private readonly onConfirmed?: (number: number) => void,
  ) {}

  push(commit: Commit): void {
    this.commits.push(commit);
    this.pump();
  }

  /** Resolves when there is room for another one, or none is wanted any more. */
  async room(): Promise<void> {
    while (!this.stopped && this.commits.length >= CAPACITY) {
      await new Promise<void>((resolve) => {
        this.onRoom = resolve;
      });
    }
  }

  stop(): void {
    this.stopped = true;
    this.onRoom?.();
  }

  private pump(): void {
    while (!this.stopped && !this.recovering && this.underWay < UNDER_WAY) {
      const next = this.commits[this.underWay];
      if (next === undefined) return;
      void this.send(next);
    }
  }

  private async send(commit: Commit): Promise<void> {
    this.underWay++;
    try {
      const result = await this.store.commit(this.term, commit);
      if (result === "done") this.confirm(commit.number);
      else if (result === "epoch") this.fail({ reason: "fenced" });
      else this.refused();
    } catch (error) {
      if (error instanceof BackendUnavailableError) this.recovering = true;
      else this.fail({ reason: "failed", error });
    }
    this.underWay--;
    if (this.recovering && this.underWay === 0) await this.recover();
    else this.pump();
  }

  private refused(): void {
    this.recovering = true;
    this.refusals++;
  }

  private confirm(number: number): void {
    if (number > this.confirmed) [this.failures, this.refusals] = [0, 0];
    this.confirmed = Math.max(this.confirmed, number);
    while (this.commits[0] && this.commits[0].number <= this.confirmed) this.commits.shift();
    this.onConfirmed?.(this.confirmed);
    this.onRoom?.();
  }

  private async recover(): Promise<void> {
    while (!this.stopped) {
      await pause(this.clock, Math.min(FIRST_PAUSE_MS * 2 ** this.failures++, LONGEST_PAUSE_MS));
      try {
        if (this.resume(await this.store.position())) return;
      } catch (error) {
        if (!(error instanceof BackendUnavailableError)) this.fail({ reason: "failed", error });
      }
    }
  }

  /** Goes on from where the data is. */
  private resume({ epoch, commit }: Position): boolean {
    if (this.stopped) return true;
    if (epoch !== this.term.epoch) return this.fail({ reason: "fenced" });
    if (commit < this.confirmed) return this.fail({ reason: "lost" });
    if (commit === this.confirmed && this.refusals > PATIENCE) {
      const error = new ProtocolError(
        "the data in Redis is not what its leader left there: somebody else writes to its keys.",
      );
      return this.fail({ reason: "failed", error });
    }
    this.confirm(commit);
    this.recovering = false;
    this.pump();
    return true;
  }

  private fail(failure: CommitFailure): true {
    if (!this.stopped) {
      this.stop();
      this.onFailure(failure);
    }
    return true;
  }
}
