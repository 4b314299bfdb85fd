/** What a candidate for the lead does, in words, for a logger. */

import type { CandidateListener } from "../reconciler/candidate.js";
import type { TermEnd } from "../reconciler/leader.js";
import { type Logger, log } from "../session/logger.js";

const ENDS: Record<TermEnd["reason"], string> = {
  fenced: "another process leads",
  unconfirmed: "its lease could not be renewed in time",
  resigned: "it handed over",
  lost: "the data in Redis has lost its last moments",
  failed: "it could not go on",
};

/** Tells each thing once: not again and again that the same still fails. */
export class LeadLog implements CandidateListener {
  private lastFailure = "";
  private isFollowing = false;

  constructor(private readonly logger: Logger | undefined) {}

  leads(epoch: number): void {
    this.lastFailure = "";
    this.isFollowing = false;
    log(this.logger, "info", { epoch }, `this process leads, with epoch ${epoch}`);
  }

  stoodDown(epoch: number, end: TermEnd): void {
    if (end.reason === "failed") {
      this.failed(end.error);
      return;
    }
    const level = end.reason === "resigned" ? "info" : "warn";
    log(this.logger, level, { epoch }, `this process leads no more: ${ENDS[end.reason]}`);
  }

  follows(): void {
    this.lastFailure = "";
    if (this.isFollowing) return;
    this.isFollowing = true;
    log(this.logger, "info", {}, "another process leads, this one stands by");
  }

  failed(error: unknown): void {
    this.isFollowing = false;
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.lastFailure) return;
    this.lastFailure = message;
    log(this.logger, "warn", { err: error }, `this process cannot lead: ${message}`);
  }
}
