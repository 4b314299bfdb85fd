/** Which rare paths show in the lives of processes and the beliefs of their users, and what their network did. */

import type { LossReason } from "../../../src/errors.js";
import type { TermEnd } from "../../../src/reconciler/leader.js";
import type { HistoryAudit } from "../audit/history.js";
import type { Hold } from "../audit/holds.js";
import { LATE, type Mishap } from "../process/connection.js";
import { type Path, Reached } from "../reached.js";
import { Tally } from "../tally.js";
import type { Timeline } from "../timeline.js";

const TERM_ENDS: Readonly<Record<TermEnd["reason"], Path | undefined>> = {
  unconfirmed: "a leader could not renew and stepped down",
  fenced: "a leader was fenced",
  lost: undefined,
  failed: undefined,
  resigned: undefined,
};

export class Sightings {
  readonly reached = new Reached();
  readonly mishaps = new Tally<Mishap>();
  private lateStep = -1;

  constructor(private readonly timeline: Timeline) {}

  /** Whether what a session writes at this moment comes late. */
  get isLate(): boolean {
    return this.lateStep === this.timeline.steps;
  }

  mishap(mishap: Mishap): void {
    if (mishap === LATE) this.lateStep = this.timeline.steps;
    this.mishaps.add(mishap);
    this.reached.count(mishap);
  }

  termEnded(reason: TermEnd["reason"]): void {
    const path = TERM_ENDS[reason];
    if (path) this.reached.count(path);
  }

  /** A user was told that it holds no more. */
  lost(id: string, reason: LossReason | undefined, { ends }: HistoryAudit): void {
    const isLocal = reason === "heartbeat" || reason === "ttl";
    if (isLocal && !ends.has(id)) {
      this.reached.count("a holder gave up before the log took its slot");
    }
  }

  /** A process goes on that stood still. */
  woke(holds: Iterable<Hold>): void {
    for (const { overtakenBy } of holds) {
      if (overtakenBy !== undefined)
        this.reached.count("a paused holder woke up after its slot was given away");
    }
  }
}
