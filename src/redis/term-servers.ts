/**
 * On which server a term was won. It ends with the server's life: one that was started since may have
 * forgotten what the leader believes to be stored, so the leader must claim and load again.
 */

import type { Term } from "../ports.js";
import type { Life } from "./life.js";

export class TermServers {
  private readonly runIds = new WeakMap<Term, string>();

  begun(term: Term, life: Life): void {
    this.runIds.set(term, life.runId);
  }

  /** Whether the term was won on the server of this connection. */
  standsOn(life: Life, term: Term): boolean {
    return this.runIds.get(term) === life.runId;
  }
}
