/** What is watched live through a coordinator. It ends with the coordinator, or when whoever watches says so. */

import type { Event } from "../core/event.js";
import { HistoryError } from "../errors.js";
import { eventsOf } from "../history/parts.js";
import { pick } from "../history/query.js";
import type { EventQuery, History, StoredEntry } from "../ports.js";
import type { CheckedWatch } from "./history-query.js";

export class Watches {
  private readonly active = new Set<AbortController>();
  private ended = false;

  constructor(private readonly history: History) {}

  /** What happens from now on counts, however late the reading begins. */
  begin({ query, after, signal }: CheckedWatch): AsyncIterable<Event> {
    const start = this.startAt(after);
    // Whoever reads hears of it.
    start.catch(() => {});
    return this.follow(start, query, signal);
  }

  end(): void {
    this.ended = true;
    for (const controller of this.active) controller.abort();
  }

  private async startAt(after: number | undefined): Promise<number> {
    const { seq } = await this.history.head();
    if (after === undefined || after <= seq) return after ?? seq;
    throw new HistoryError(
      `the history ends with event ${seq}, so that nothing can come after event ${after} yet`,
      "It is another history, or its data was lost: pass after: 0 to begin with what is kept.",
      { seq: after },
    );
  }

  private async *follow(
    start: Promise<number>,
    query: EventQuery,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Event, void, undefined> {
    if (this.ended || signal?.aborted) return;
    const controller = new AbortController();
    const abort = () => controller.abort();
    this.active.add(controller);
    signal?.addEventListener("abort", abort);
    try {
      const after = await start;
      const range = { from: after + 1, live: true, signal: controller.signal };
      yield* pick(eventsAfter(this.history.entries(range), after), query);
    } catch (error) {
      // What was under way when it ended may fail, and nobody waits for it.
      if (!controller.signal.aborted) throw error;
    } finally {
      this.active.delete(controller);
      signal?.removeEventListener("abort", abort);
    }
  }
}

async function* eventsAfter(
  entries: AsyncIterable<StoredEntry>,
  after: number,
): AsyncGenerator<Event[], void, undefined> {
  for await (const entry of entries) yield eventsOf(entry).filter(({ seq }) => seq > after);
}
