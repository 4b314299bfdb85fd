/** Reads the history of a partition on Redis as it grows. */

import type { Redis } from "ioredis";
import type { Event } from "../../src/core/event.js";
import type { EntryId } from "../../src/ports.js";

/** Long beyond all that a commit takes: then something is wrong. */
const BLOCK_MS = 5_000;

type Found = NonNullable<Awaited<ReturnType<Redis["xread"]>>>;

export class HistoryTail {
  readonly events: Event[] = [];
  /** The last entry of the command stream that was decided. */
  decidedTo: EntryId = "0-0";
  private last: EntryId = "0-0";

  constructor(
    private readonly reader: Redis,
    private readonly key: string,
  ) {}

  /** Resolves once there is more of it. */
  async more(): Promise<void> {
    const found = await this.reader.xread("BLOCK", BLOCK_MS, "STREAMS", this.key, this.last);
    if (found === null) throw new Error(`nothing was committed for ${BLOCK_MS} ms`);
    this.takeAll(found);
  }

  /** Resolves when it has read what there is. */
  async catchUp(): Promise<void> {
    const found = await this.reader.xread("STREAMS", this.key, this.last);
    if (found !== null) this.takeAll(found);
  }

  private takeAll(found: Found): void {
    for (const [, entries] of found) {
      for (const [id, fields] of entries) {
        this.last = id;
        this.take((name) => fields[fields.indexOf(name) + 1] ?? "");
      }
    }
  }

  private take(field: (name: string) => string): void {
    const commands: [EntryId, ...unknown[]][] = JSON.parse(field("commands"));
    const events: Event[] = JSON.parse(field("events"));
    // What is parsed is written again to be compared; that must be what was stored.
    if (JSON.stringify(events) !== field("events")) {
      throw new Error(`the history has events that no JSON.stringify writes: ${field("events")}`);
    }
    this.events.push(...events);
    this.decidedTo = commands.at(-1)?.[0] ?? this.decidedTo;
  }
}
