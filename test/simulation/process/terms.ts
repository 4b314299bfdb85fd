/** Under which life of the server a term began: it ends with that. */

import type { Term } from "../../../src/ports.js";

export class Terms {
  private readonly runIds = new Map<Term, string>();

  begin(term: Term, runId: string): void {
    this.runIds.set(term, runId);
  }

  isOf(term: Term, runId: string): boolean {
    return this.runIds.get(term) === runId;
  }
}
