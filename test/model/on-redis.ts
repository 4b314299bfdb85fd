/**
 * The story as Redis mode lives it: its entries are written under ids that their log times make, and real leaders read,
 * decide and commit them. Time is the story's: leaders get its clock, and a claim the story's time for that of the
 * server. Alarms of that clock don't ring, so leaders send no ticks: the story has all that are due.
 */

import { Redis } from "ioredis";
import type { Event } from "../../src/core/event.js";
import type { EntryId, Message, Store, UplinkListener } from "../../src/ports.js";
import { Leader, type TermEnd } from "../../src/reconciler/leader.js";
import type { RedisPartition } from "../../src/redis/partition.js";
import { Mailbox } from "../support/mailbox.js";
import { SleepyClock } from "../support/memory-clocks.js";
import {
  aMessage,
  aMessageId,
  lead,
  newNamespace,
  partitionOn,
} from "../support/redis-partition.js";
import type { RedisServer } from "../support/redis-server.js";
import { type Batch, batchesOf, fieldsOf } from "./entries.js";
import { HistoryTail } from "./history-tail.js";
import type { Outcome } from "./in-memory.js";
import { Told } from "./told.js";
import { BEGIN_MS, type Story } from "./words.js";

/** What leaders get for the store: itself, unless a test wants to see that a difference is found. */
export type Lie = (store: Store) => Store;

const HONEST: Lie = (store) => store;

/** No leader sends it: its id begins with the first epoch, and real ones are microseconds. */
const MARKER = aMessage(0);
const MARKER_ID = aMessageId(1);

export class RedisSide {
  private readonly writer: Redis;
  private readonly reader: Redis;

  constructor(private readonly server: RedisServer) {
    this.writer = new Redis(server.url);
    this.reader = new Redis(server.url);
  }

  async live(story: Story, lie = HONEST): Promise<Outcome> {
    const { namespace, key } = newNamespace();
    const partition = partitionOn(this.server, { namespace });
    const audience = new Audience(partition);
    const history = new HistoryTail(this.reader, key("history"));
    const reign = new Reign(partition, lie);
    try {
      await audience.arrive();
      await reign.begin();
      for (const batch of batchesOf(story)) {
        reign.passTo(batch.at);
        for (const session of sessionsOf(batch)) await audience.join(session);
        const last = await this.write(key("commands"), batch, history.events.length);
        while (history.decidedTo !== last) await reign.during(history.more());
        if (batch.ledAnew) await reign.change();
      }
      await reign.end();
      await audience.leave((session) => this.writer.spublish(key(`inbox:${session}`), MARKER));
      const events = history.events.map((event) => JSON.stringify(event));
      return { events, told: audience.told.lines() };
    } finally {
      partition.close();
      await this.writer.flushall();
    }
  }

  close(): void {
    this.writer.disconnect();
    this.reader.disconnect();
  }

  /** All at once: nobody reads some of them without the others. Resolves with the id of the last. */
  private async write(stream: string, { entries }: Batch, seen: number): Promise<EntryId> {
    const transaction = this.writer.multi();
    for (const entry of entries)
      transaction.xadd(stream, `${entry.at}-*`, ...fieldsOf(entry, seen));
    const replies = (await transaction.exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
    return String(replies.at(-1)?.[1]);
  }
}

function sessionsOf({ entries }: Batch): Set<string> {
  return new Set(entries.flatMap(({ commands }) => commands.map(({ session }) => session)));
}

/** One leader after the other, on the story's clock. */
class Reign {
  private readonly clock = new SleepyClock();
  private leader: Leader | undefined = undefined;
  private over: Promise<TermEnd> | undefined = undefined;

  constructor(
    private readonly partition: RedisPartition,
    private readonly lie: Lie,
  ) {
    this.clock.sleep(BEGIN_MS);
  }

  async begin(): Promise<void> {
    const { clock } = this;
    const now = { at: clock.now(), clockAt: clock.now() };
    const term = Object.assign(await lead(this.partition), now);
    const { lease, store } = this.partition;
    this.leader = new Leader({ lease, store: this.lie(store), clock }, term, clock.now());
    this.over = this.leader.lead();
  }

  passTo(at: number): void {
    this.clock.sleep(at - this.clock.now());
  }

  /** Rejects if the term ends instead. */
  async during<T>(work: Promise<T>): Promise<T> {
    const ended = this.over?.then((end): never => {
      throw new Error(`the leader stood down: ${JSON.stringify(end)}`, {
        cause: "error" in end ? end.error : undefined,
      });
    });
    return ended === undefined ? work : Promise.race([work, ended]);
  }

  /** Another one goes on with what is stored. */
  async change(): Promise<void> {
    await this.end();
    await this.begin();
  }

  async end(): Promise<void> {
    await this.leader?.resign();
    await this.over;
  }
}

/** Hears what all sessions are told. */
class Audience implements UplinkListener {
  readonly told = new Told();
  private readonly sessions = new Set<string>();
  private readonly ups = new Mailbox<void>();
  private readonly markers = new Mailbox<string>();

  constructor(private readonly partition: RedisPartition) {}

  async arrive(): Promise<void> {
    this.partition.uplink.open(this);
    await this.ups.take();
  }

  async join(session: string): Promise<void> {
    if (this.sessions.has(session)) return;
    this.sessions.add(session);
    await this.partition.uplink.subscribe(session);
  }

  /** Once it has heard the marker in each inbox, it has heard all that came before. */
  async leave(mark: (session: string) => Promise<unknown>): Promise<void> {
    for (const session of this.sessions) {
      await mark(session);
      await this.markers.take();
    }
  }

  up(): void {
    this.ups.put();
  }

  /** Whoever waits for something else fails. */
  down(): void {}

  receive(session: string, { id, events }: Message): void {
    if (id === MARKER_ID) this.markers.put(session);
    else for (const event of events) this.hear(session, event);
  }

  private hear(session: string, event: Event): void {
    if (event.type === "swept") this.told.forgotten(session, event.at);
    else this.told.hear(session, event);
  }
}
