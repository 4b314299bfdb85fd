/**
 * One page's reading of a history, from where it left off: without a gap, without a repeat, and through every outage of
 * Redis. Where that cannot be (what it had seen is no longer kept, or the data was lost), it says so and begins anew.
 */

import { setTimeout as pause } from "node:timers/promises";
import { HistoryError } from "../errors.js";
import { entryLine } from "../history/line.js";
import type { EventStream } from "./event-stream.js";
import type { Feed } from "./feed.js";
import { entriesBehind, entriesFromBeginning, findPlace, type Place, placeOf } from "./place.js";
import { troubleOf } from "./trouble.js";

/** How soon it looks again after something went wrong; each time twice as late, up to the second. */
const RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

export class Reading {
  /** Behind what was sent last; `undefined`: the page has nothing. */
  private place: Place | undefined;
  /** The page knows from which history its entries come. */
  private announced = false;
  private trouble: string | undefined = undefined;
  /** The trouble is the history itself: that it can be read does not mend it. */
  private isDamaged = false;
  private retryMs = RETRY_MS;
  /** Ends the reading under way, so that it begins again by looking around. */
  private round = new AbortController();
  private isBeating = false;
  private wasFull = false;

  /**
   * @param actions whether the page may offer them
   * @param onTrouble is told the error behind what the page is told in other words
   */
  constructor(
    private readonly feed: Feed,
    private readonly stream: EventStream,
    private readonly actions: boolean,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** Resolves when it is read to its end, or the signal aborts. */
  async run(after: Place | undefined, signal: AbortSignal): Promise<void> {
    this.place = after;
    const abort = () => this.round.abort();
    signal.addEventListener("abort", abort);
    try {
      while (!signal.aborted) {
        await this.stream.room(signal);
        this.round = new AbortController();
        try {
          await this.follow(this.round.signal);
        } catch (error) {
          if (!signal.aborted) await this.fail(error, signal);
        }
        if (!this.feed.live) return this.stream.event("end", {});
      }
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Says what time it is; notices, too, if the history has become shorter. To be called from time to time. */
  async beat(): Promise<void> {
    if (!this.announced || !this.feed.live || this.isBeating) return;
    const { isFull } = this.stream;
    // Whoever is read live keeps what comes for as long as somebody reads, and this one may never go on.
    if (isFull && this.wasFull) this.round.abort();
    this.wasFull = isFull;
    if (isFull) return;
    this.isBeating = true;
    const sent = this.place?.seq ?? 0;
    try {
      const { at, seq } = await this.feed.now();
      if (seq < sent) this.round.abort();
      else if (this.trouble === undefined) this.stream.event("now", { at, seq });
      else this.stream.keepAlive();
    } catch {
      // Whoever reads the entries tells of it.
      this.stream.keepAlive();
    } finally {
      this.isBeating = false;
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const header = await this.feed.header();
    const found = this.place && (await findPlace(this.feed, this.place));
    const begins = found ? undefined : await this.feed.beginning();
    if (!this.isDamaged) this.recover();
    this.place = found;
    if (!this.announced || !found) {
      const { source, name, live } = this.feed;
      const more = { source, name, live, actions: this.actions, resumed: found !== undefined };
      this.stream.event("header", { slotstream: "history", ...header, ...more });
      this.announced = true;
    }
    for await (const entry of this.entries(found, begins ?? 1, signal)) {
      const place = placeOf(entry);
      if (!(await this.stream.entry(entryLine(entry), place.seq, signal))) return;
      this.place = place;
      this.recover();
    }
  }

  private entries(found: Place | undefined, begins: number, signal: AbortSignal) {
    const { feed } = this;
    if (found) {
      return entriesBehind(found, feed.entries({ from: Math.max(1, found.seq), signal }));
    }
    const entries = feed.entries({ from: begins, signal });
    // A file is sent as it is: what is wrong with it, the page says.
    return feed.live ? entriesFromBeginning(entries) : entries;
  }

  private recover(): void {
    this.retryMs = RETRY_MS;
    if (this.trouble === undefined) return;
    this.trouble = undefined;
    this.isDamaged = false;
    this.stream.event("well", {});
  }

  private async fail(error: unknown, signal: AbortSignal): Promise<void> {
    if (error instanceof HistoryError && (await this.isOutrun())) return;
    const message = troubleOf(error);
    if (message !== this.trouble) {
      this.trouble = message;
      this.isDamaged = error instanceof HistoryError;
      this.onTrouble(error);
      this.stream.event("trouble", { message });
    }
    // An export does not get better.
    if (!this.feed.live) return;
    await pause(this.retryMs, undefined, { signal }).catch(() => {});
    this.retryMs = Math.min(2 * this.retryMs, LONGEST_RETRY_MS);
  }

  /** What was sent last is not there any more: it was trimmed, or lost. Then nothing is wrong with what is there. */
  private async isOutrun(): Promise<boolean> {
    const { place, feed } = this;
    if (!place || !feed.live) return false;
    try {
      return (await findPlace(feed, place)) === undefined;
    } catch {
      return false;
    }
  }
}
