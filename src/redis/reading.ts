/**
 * What becomes of the history while somebody reads it, page by page. It may be trimmed faster than it is read. And Redis may
 * lose its last moments: then it goes on from what is left, and new entries stand before the last one that was read.
 */

import { HistoryError } from "../errors.js";
import type { Connections } from "./connections.js";
import type { Keys } from "./keys.js";
import { lastUpTo, pagesOf, type StreamEntry } from "./pages.js";
import { textOrNone } from "./replies.js";

/** The last entry that was read. */
interface Last {
  readonly id: string;
  readonly seq: string;
  readonly epoch: number;
  readonly hash: string;
}

export class Reading {
  private last: Last | undefined = undefined;
  /** The term in which that entry was found in its place. */
  private checkedIn = "";

  constructor(
    private readonly connections: Connections,
    private readonly keys: Keys,
  ) {}

  /** A page was read; what comes before it has been told. @throws HistoryError if something is missing in between. */
  async take(page: readonly StreamEntry[]): Promise<void> {
    const [first, last] = [page[0], page.at(-1)];
    if (first === undefined || last === undefined) return;
    await this.checkGap(first);
    const { id, fields } = last;
    this.last = {
      ...{ id, seq: fields.get("seq") ?? "", epoch: Number(fields.get("epoch")) },
      hash: fields.get("hash") ?? "",
    };
  }

  /** From where on there is something new; nothing if what was read is still there. Whoever lost data has a new leader. */
  async look(): Promise<string | undefined> {
    const { last, keys } = this;
    if (last === undefined) return undefined;
    const reply = await this.connections.ask((life) => life.call("HGET", [keys.meta, "epoch"]));
    const epoch = textOrNone(reply) ?? "";
    if (epoch === this.checkedIn || Number(epoch) <= last.epoch) return undefined;
    const found = await lastUpTo(this.connections, keys.history, last.id);
    // It may have been trimmed, or nothing was written since all was lost.
    if (found === undefined) return undefined;
    const isThere = found.id === last.id && found.fields.get("hash") === last.hash;
    const first = isThere ? undefined : await this.firstAfter(last.epoch);
    if (isThere || first !== undefined) this.checkedIn = epoch;
    if (first !== undefined) this.last = undefined;
    return first;
  }

  /** What was trimmed ends before a checkpoint, which says what stood before it. */
  private async checkGap({ fields }: StreamEntry): Promise<void> {
    const { last } = this;
    const previous = fields.get("previous");
    if (last === undefined || previous === undefined || previous === last.hash) return;
    if (await lastUpTo(this.connections, this.keys.history, last.id)) return;
    throw new HistoryError(
      `after event ${last.seq} the history was trimmed faster than it was read: it goes on with event ${fields.get("seq")}`,
      "Begin again, and read faster; or keep more: raise historyRetention.",
    );
  }

  /** What a later leader wrote is new, and nothing else is. */
  private async firstAfter(epoch: number): Promise<string | undefined> {
    let first: string | undefined;
    for await (const page of pagesOf(this.connections, this.keys.history, { reverse: true })) {
      for (const { id, fields } of page) {
        if (Number(fields.get("epoch")) <= epoch) return first;
        first = id;
      }
    }
    return first;
  }
}
