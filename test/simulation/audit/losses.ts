/**
 * Fields of records that somebody deleted. Until they are written again, nobody can blame the leader for
 * what is stored there: it works with what it has in memory, and whoever loads the rest refuses it.
 */

import type { Snapshot } from "../../../src/core/snapshot.js";
import type { Data, RecordsName } from "../redis/data.js";

export class Losses {
  private readonly ever = new Set<string>();
  private current = new Set<string>();

  add(kind: RecordsName, key: string): void {
    this.ever.add(nameOf(kind, key));
    this.current.add(nameOf(kind, key));
  }

  /** The data is older now, and may lack again what was written since. */
  rewind(): void {
    this.current = new Set(this.ever);
  }

  /** How many of them are missing; from now on, only those. */
  countOf(kind: RecordsName, data: Data, expected: Snapshot): number {
    if (this.current.size === 0) return 0;
    let count = 0;
    for (const key of keysOf(kind, expected)) if (this.isMissing(kind, key, data)) count++;
    return count;
  }

  /** The stored records, with what is missing put in. */
  patch(stored: Snapshot, data: Data, expected: Snapshot): Snapshot {
    if (this.current.size === 0) return stored;
    const lost = (kind: RecordsName, key: string) => this.isMissing(kind, key, data);
    const { semaphores, sessions, acquisitions } = expected;
    return {
      ...stored,
      semaphores: [
        ...stored.semaphores,
        ...semaphores.filter((record) => lost("semaphores", record.name)),
      ],
      sessions: [...stored.sessions, ...sessions.filter((record) => lost("sessions", record.id))],
      acquisitions: [
        ...stored.acquisitions,
        ...acquisitions.filter((record) => lost("acquisitions", keyOf(record))),
      ],
    };
  }

  private isMissing(kind: RecordsName, key: string, data: Data): boolean {
    const name = nameOf(kind, key);
    if (!this.current.has(name)) return false;
    if (!data[kind].has(key)) return true;
    this.current.delete(name);
    return false;
  }
}

function keysOf(kind: RecordsName, { semaphores, acquisitions, sessions }: Snapshot): string[] {
  switch (kind) {
    case "semaphores":
      return semaphores.map(({ name }) => name);
    case "acquisitions":
      return acquisitions.map(keyOf);
    case "sessions":
      return sessions.map(({ id }) => id);
  }
}

function keyOf({ semaphore, id }: Snapshot["acquisitions"][number]): string {
  return `${semaphore}\n${id}`;
}

function nameOf(kind: RecordsName, key: string): string {
  return `${kind}\n${key}`;
}
