/** What `slotstream replay` shows: the semaphores at a moment, and who held and waited. */

import type { Moment, Replayed, ReplayedSemaphore } from "../../index.js";
import { holderColumns } from "../holders.js";
import { notInUse } from "../listing.js";
import type { Report } from "../report.js";
import { STATS_COLUMNS } from "../stats.js";
import { printable, table } from "../table.js";
import { showTime } from "../time.js";
import { waiterColumns } from "../waiters.js";

/** @param name only this semaphore, also if nobody used it; without it: those that somebody used */
export function situation(then: Replayed, { until }: Moment, name?: string): Report {
  const { at, seq, token } = then;
  const semaphores = shown(then, name);
  const json = {
    ...{ at, seq, token },
    semaphores: semaphores.map((semaphore) => ({
      ...semaphore,
      holders: then.holders(semaphore.name),
      waiters: then.waiters(semaphore.name),
    })),
  };
  if (name !== undefined && semaphores.length === 0) {
    return { json, text: "", missing: notInUse(name) };
  }
  // What is seen later is seen from then.
  const now = until === undefined ? at : Number(until);
  const title = seq === 0 ? "before the first event" : `at ${showTime(now)}, after event ${seq}`;
  const parts = semaphores.flatMap((semaphore) => people(then, semaphore.name, now));
  const text = [`${title}\n`, ...overview(semaphores), ...parts].join("\n");
  return { json, text, note: semaphores.length === 0 ? "no semaphore was in use." : undefined };
}

/** The fullest first. */
export function shown(then: Replayed, name: string | undefined): ReplayedSemaphore[] {
  const all = new Map(then.semaphores().map((semaphore) => [semaphore.name, semaphore]));
  const names = then.stats(name === undefined ? undefined : [name]).keys();
  return [...names].flatMap((known) => all.get(known) ?? []);
}

function overview(semaphores: readonly ReplayedSemaphore[]): string[] {
  return semaphores.length > 0 ? [table(semaphores, STATS_COLUMNS)] : [];
}

function people(then: Replayed, name: string, now: number): string[] {
  const [holders, waiters] = [then.holders(name), then.waiters(name)];
  const title = printable(JSON.stringify(name));
  const held = `${title} was held by\n${table(holders, holderColumns(now))}`;
  const awaited = `${title} was waited for by\n${table(waiters, waiterColumns(now))}`;
  return [...(holders.length > 0 ? [held] : []), ...(waiters.length > 0 ? [awaited] : [])];
}
