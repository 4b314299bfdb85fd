/**
 * Reads what `slotstream watch` shows, for few commands however much happens: a status at every look, new events only
 * if there are any, and the state of semaphores the less often the more there is to read.
 */

import { parseJson } from "../../core/json.js";
import type { Event, SemaphoreStats } from "../../index.js";
import { systemClock } from "../../memory/system-clock.js";
import { addressOf, type RedisAddress } from "../../redis/address.js";
import { Connections } from "../../redis/connections.js";
import { type Keys, keysOf } from "../../redis/keys.js";
import { isEvent, listOf, numberOf, textOf, textOrNone, textsOf } from "../../redis/replies.js";
import { RedisViews } from "../../redis/views.js";
import { rest } from "../../rest.js";
import { byPressure, type Detail, type Semaphore, type Status } from "./model.js";
import { commandsAStateTakes, Pace } from "./pace.js";
import { MOST_EVENTS } from "./sections.js";

export interface FleetReaderOptions {
  readonly url: string;
  readonly namespace: string;
  /** Nothing but this semaphore. */
  readonly only: string | undefined;
  /** Gets each warning about Redis's settings once. */
  readonly warn: (message: string) => void;
}

export interface Look {
  readonly status: Status;
  /** What happened since the last look, oldest first; or the last of it, where that is too much. */
  readonly events: readonly Event[];
  /** Events of before belong to another history. */
  readonly beginsAnew: boolean;
  /** By pressure; `undefined` if it was not read anew. */
  readonly state: State | undefined;
}

export interface State {
  readonly semaphores: readonly Semaphore[];
  readonly detail: Detail | undefined;
}

/** A status, and what it takes to know what to read next. */
interface Found {
  readonly status: Status;
  readonly commits: number;
  readonly counts: { readonly semaphores: number; readonly acquisitions: number };
}

const META = ["at", "seq", "commit", "pausedUntil", "shiftMs", "semaphores", "acquisitions"];
const RESPONSE_TIMEOUT_MS = 5_000;
/** For so long a look waits for the state. */
const PATIENCE_MS = 500;

export class FleetReader {
  /** Without user and password. */
  readonly address: string;
  private readonly keys: Keys;
  private readonly connections: Connections;
  private readonly views: RedisViews;
  private readonly pace = new Pace();
  private last: { readonly seq: number; readonly commits: number } | undefined = undefined;
  /** Id of the last entry of the history that was read. */
  private lastEntry = "-";
  private reading: Promise<State> | undefined = undefined;
  /** What the last state was read at, and for whom. */
  private stateOf: { readonly seq: number; readonly choice: string | undefined } | undefined =
    undefined;

  /** Connects at the first look. @throws InvalidOptionError */
  constructor(private readonly options: FleetReaderOptions) {
    const { url, namespace, warn } = options;
    const address = addressOf(url);
    this.address = shown(address);
    this.keys = keysOf(namespace, address.db ?? 0);
    this.connections = new Connections({
      source: url,
      keys: this.keys,
      clock: systemClock,
      responseTimeoutMs: RESPONSE_TIMEOUT_MS,
      warn,
    });
    this.views = new RedisViews(this.connections, this.keys);
  }

  close(): void {
    this.connections.close();
  }

  /**
   * Rejects if Redis cannot be reached, or will not do.
   *
   * @param choice whose slots and queue to read; by default those of the first by pressure
   */
  async look(choice: string | undefined): Promise<Look> {
    const found = await this.find();
    const { status } = found;
    const beginsAnew = status.seq < (this.last?.seq ?? 0);
    if (beginsAnew) this.lastEntry = "-";
    const events = status.seq === this.last?.seq ? [] : await this.newEvents(found);
    const state = await this.stateIfDue(found, choice);
    this.last = { seq: status.seq, commits: found.commits };
    return { status, events, beginsAnew, state };
  }

  private find(): Promise<Found> {
    return this.connections.ask(async (life) => {
      const [meta, leader, time] = await Promise.all([
        life.call("HMGET", [this.keys.meta, ...META]),
        life.call("GET", [this.keys.leader]),
        life.call("TIME", []),
      ]);
      const fields = listOf(meta).map((field) => (field === null ? 0 : numberOf(field)));
      const [at = 0, seq = 0, commits = 0, pausedUntil = 0, shiftMs = 0, ...counts] = fields;
      const [semaphores = 0, acquisitions = 0] = counts;
      const [seconds = 0, micros = 0] = listOf(time).map(numberOf);
      const now = Math.max(at, seconds * 1_000 + Math.floor(micros / 1_000));
      const status = { now, seq, pausedUntil: pausedUntil + shiftMs, leader: leaderOf(leader) };
      return { status, commits, counts: { semaphores, acquisitions } };
    });
  }

  /** About as many as can be shown: an entry may have one or thousands of them, so the usual number tells how many to read. */
  private async newEvents({ status, commits }: Found): Promise<Event[]> {
    const last = this.lastEntry === "-" ? { seq: 0, commits: 0 } : this.last;
    const perCommit = (status.seq - (last?.seq ?? 0)) / Math.max(1, commits - (last?.commits ?? 0));
    const count = Math.ceil(MOST_EVENTS / Math.max(1, perCommit));
    const until = this.lastEntry === "-" ? "-" : `(${this.lastEntry}`;
    const args = [this.keys.history, "+", until, "COUNT", count];
    const entries = listOf(await this.connections.ask((life) => life.call("XREVRANGE", args)));
    const read = entries.map((entry) => {
      const [id, fields] = listOf(entry);
      return { id: textOf(id), events: eventsIn(textsOf(fields)) };
    });
    this.lastEntry = read[0]?.id ?? this.lastEntry;
    return read.reverse().flatMap(({ events }) => events);
  }

  /** What takes long is not waited for: it comes with one of the next looks. */
  private async stateIfDue(found: Found, choice: string | undefined): Promise<State | undefined> {
    this.reading ??= this.beginIfDue(found, choice);
    try {
      const patience = rest(systemClock, PATIENCE_MS, undefined, false);
      const state = await Promise.race([this.reading, patience]);
      if (state) this.reading = undefined;
      return state ?? undefined;
    } catch (error) {
      this.reading = undefined;
      this.stateOf = undefined;
      throw error;
    }
  }

  private beginIfDue(
    { status: { seq }, counts }: Found,
    choice: string | undefined,
  ): Promise<State> | undefined {
    const isKnown = this.stateOf?.seq === seq && this.stateOf.choice === choice;
    const now = systemClock.now();
    if (isKnown || !this.pace.isDue(now)) return undefined;
    this.pace.spend(commandsAStateTakes(counts), now);
    this.stateOf = { seq, choice };
    const reading = this.readState(choice);
    // Whoever looks next hears of it.
    reading.catch(() => {});
    return reading;
  }

  private async readState(choice: string | undefined): Promise<State> {
    const { only } = this.options;
    const query = only === undefined ? { limit: Infinity } : { names: [only], limit: 1 };
    const stats = await this.views.stats(query);
    const semaphores = byPressure(stats.map(toSemaphore));
    const name = choice ?? semaphores[0]?.name;
    const chosen = semaphores.find((semaphore) => semaphore.name === name);
    if (name === undefined) return { semaphores, detail: undefined };
    const [holders, waiters] = await Promise.all([
      chosen && chosen.held > 0 ? this.views.holders(name) : [],
      chosen && chosen.queued > 0 ? this.views.waiters(name) : [],
    ]);
    holders.sort((a, b) => a.slotNumber - b.slotNumber);
    return { semaphores, detail: { name, holders, waiters } };
  }
}

function toSemaphore([name, stats]: [string, SemaphoreStats]): Semaphore {
  return { name, held: stats.acquiredSlots, slots: stats.maxSlots, queued: stats.queued };
}

function leaderOf(reply: unknown): Status["leader"] {
  const [epoch, candidate] = (textOrNone(reply) ?? "").split(":");
  return epoch && candidate ? { epoch, candidate } : undefined;
}

function eventsIn(fields: readonly string[]): Event[] {
  const place = fields.indexOf("events");
  const events = parseJson(fields[place + 1] ?? "");
  return Array.isArray(events) ? events.filter(isEvent) : [];
}

function shown({ host = "", port = 6379, db = 0, tls }: RedisAddress): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${tls ? "rediss" : "redis"}://${name}:${port}${db === 0 ? "" : `/${db}`}`;
}
