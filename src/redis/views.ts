/** What can be asked without changing anything, read from the data as it was last committed. */

import type { Event } from "../core/event.js";
import { parseJson } from "../core/json.js";
import type { Holder, SemaphoreStats, StatsQuery, Waiter } from "../core/views.js";
import { pick } from "../history/query.js";
import type { EventQuery, Views } from "../ports.js";
import type { Connections } from "./connections.js";
import type { Keys } from "./keys.js";
import type { Life } from "./life.js";
import { pagesOf } from "./pages.js";
import {
  type AcquisitionSnapshot,
  acquisitionOf,
  type StoredSemaphore,
  semaphoreOf,
} from "./records.js";
import { isEvent, listOf, numberOf, textOrNone } from "./replies.js";
import { scan } from "./scan.js";

export class RedisViews implements Views {
  constructor(
    private readonly connections: Connections,
    private readonly keys: Keys,
  ) {}

  stats({ names, limit }: StatsQuery): Promise<[string, SemaphoreStats][]> {
    return this.connections.ask(async (life) => {
      const records = names ? await this.named(life, names) : await this.inUse(life);
      return records
        .map((record): [string, SemaphoreStats] => [record.name, statsOf(record)])
        .sort(([a, x], [b, y]) => y.acquiredPercent - x.acquiredPercent || (a < b ? -1 : 1))
        .slice(0, limit);
    });
  }

  locked(semaphore: string): Promise<boolean> {
    return this.connections.ask(async (life) => {
      const [[record], isPaused] = await Promise.all([
        this.named(life, [semaphore]),
        this.isPaused(life),
      ]);
      if (record === undefined) return isPaused;
      return isPaused || record.held + record.queued >= record.effective;
    });
  }

  holders(semaphore: string): Promise<Holder[]> {
    return this.connections.ask(async (life) => {
      const [records, shiftMs] = await this.acquisitions(life, semaphore);
      return records
        .flatMap((record) => (record.grant ? [{ record, grant: record.grant }] : []))
        .sort((a, b) => a.grant.token - b.grant.token)
        .map(({ record, grant }) => ({
          id: record.id,
          session: record.session,
          slotNumber: grant.slot,
          fencingToken: grant.token,
          queuedAt: record.queuedAt,
          grantedAt: grant.at,
          expiresAt: expiresAt(record, shiftMs),
          revoked: record.revoked,
          metadata: record.terms.metadata ?? {},
        }));
    });
  }

  waiters(semaphore: string): Promise<Waiter[]> {
    return this.connections.ask(async (life) => {
      const [records, shiftMs] = await this.acquisitions(life, semaphore);
      return records
        .filter(({ grant }) => grant === null)
        .sort((a, b) => a.sequence - b.sequence)
        .map((record, index) => ({
          id: record.id,
          session: record.session,
          position: index + 1,
          queuedAt: record.queuedAt,
          expiresAt: expiresAt(record, shiftMs),
          metadata: record.terms.metadata ?? {},
        }));
    });
  }

  events(query: EventQuery): AsyncGenerator<Event, void, undefined> {
    return pick(this.lists(query), query);
  }

  private async *lists({ reverse = false }: EventQuery): AsyncGenerator<Event[]> {
    for await (const page of pagesOf(this.connections, this.keys.history, { reverse })) {
      for (const { fields } of page) yield eventsOf(fields);
    }
  }

  private async named(life: Life, names: readonly string[]): Promise<StoredSemaphore[]> {
    const distinct = [...new Set(names)];
    // The name of the sentinel is not one of a semaphore, but could be asked for.
    const asked = distinct.filter((name) => name !== "");
    if (asked.length === 0) return [];
    const texts = listOf(await life.call("HMGET", [this.keys.semaphores, ...asked]));
    return asked.flatMap((name, index) => {
      const text = textOrNone(texts[index]);
      return text === undefined ? [] : semaphoreOf(name, text, this.keys.semaphores);
    });
  }

  private async inUse(life: Life): Promise<StoredSemaphore[]> {
    const known = await scan(life, this.keys.semaphores, semaphoreOf);
    return [...known.values()].filter(({ held, queued }) => held + queued > 0);
  }

  /** The end of a pause is stored in steady time, too. */
  private async isPaused(life: Life): Promise<boolean> {
    const [state, time] = await Promise.all([
      life.call("HMGET", [this.keys.meta, "pausedUntil", "shiftMs", "at"]),
      life.call("TIME", []),
    ]);
    const [pausedUntil = 0, shiftMs = 0, at = 0] = listOf(state).map((field) =>
      field === null ? 0 : numberOf(field),
    );
    const [seconds, micros] = listOf(time).map(numberOf);
    const now = (seconds ?? 0) * 1_000 + (micros ?? 0) / 1_000;
    return pausedUntil + shiftMs > Math.max(now, at);
  }

  private async acquisitions(
    life: Life,
    semaphore: string,
  ): Promise<[records: AcquisitionSnapshot[], shiftMs: number]> {
    const [records, shiftMs] = await Promise.all([
      scan(life, this.keys.acquisitions, acquisitionOf, `${escaped(semaphore)}\n*`),
      life.call("HGET", [this.keys.meta, "shiftMs"]),
    ]);
    return [[...records.values()], shiftMs === null ? 0 : numberOf(shiftMs)];
  }
}

function statsOf({ held, queued, effective }: StoredSemaphore): SemaphoreStats {
  const full = held > 0 || queued > 0 ? 100 : 0;
  return {
    acquiredSlots: held,
    maxSlots: effective,
    acquiredPercent: effective > 0 ? (100 * held) / effective : full,
    queued,
  };
}

/** Deadlines are stored in steady time, which a jump of the server's clock does not move. */
function expiresAt({ deadline }: AcquisitionSnapshot, shiftMs: number): number | undefined {
  return deadline === null ? undefined : deadline + shiftMs;
}

function eventsOf(fields: ReadonlyMap<string, string>): Event[] {
  const events = parseJson(fields.get("events") ?? "");
  return Array.isArray(events) ? events.filter(isEvent) : [];
}

/** What has a meaning in patterns stands for itself. */
function escaped(name: string): string {
  return name.replace(/[\\*?[\]^-]/g, "\\$&");
}
