/**
 * What the semaphores of one namespace share: the session, the log behind it, the clock.
 * Memory and Redis mode differ in what they are composed of, not in what they do.
 */

import type { Event } from "../core/event.js";
import type { SemaphoreStats } from "../core/views.js";
import { InvalidOptionError } from "../errors.js";
import type { EventQuery } from "../ports.js";
import { Session, type SessionPorts } from "../session/session.js";
import { checkKeys, type SemaphoreOptions } from "./options.js";
import { Semaphore } from "./semaphore.js";

export interface AcquiredStatsQuery {
  /** Only these; with it, idle ones are reported too, as far as they are known. */
  readonly names?: readonly string[] | undefined;
  /** At most so many, the fullest first. Default: 100. */
  readonly limit?: number | undefined;
}

const DEFAULT_STATS_LIMIT = 100;

export class Coordinator implements AsyncDisposable {
  /** @internal */
  readonly session: Session;

  /** @internal */
  constructor(protected readonly ports: SessionPorts) {
    this.session = new Session(ports);
  }

  /** A semaphore that uses this coordinator. */
  semaphore(options: SemaphoreOptions): Semaphore {
    return new Semaphore(this, options);
  }

  /** How full the semaphores are, the highest percentage first. Idle ones are left out unless named. */
  async stats(query: AcquiredStatsQuery = {}): Promise<Map<string, SemaphoreStats>> {
    checkKeys(query, ["names", "limit"]);
    const { names, limit = DEFAULT_STATS_LIMIT } = query;
    if (names !== undefined && !Array.isArray(names)) {
      throw new InvalidOptionError("names", `names must be a list of names, but is ${names}.`);
    }
    if (!Number.isInteger(limit) || limit < 1) {
      throw new InvalidOptionError(
        "limit",
        `limit must be a whole number from 1 on, but is ${limit}.`,
      );
    }
    return new Map(await this.ports.log.stats({ names, limit }));
  }

  /** What happened, oldest first, as far as it is kept. */
  history(query: EventQuery = {}): AsyncIterable<Event> {
    checkKeys(query, ["semaphore", "acquisition"]);
    return this.ports.log.events(query);
  }

  /**
   * Refuses new work and gives back all that is held; waiting acquires reject with `ClosedError`.
   * With `drainMs`, what waits or is held may first go on for so long, or until `close()` is called again
   * without it.
   */
  async close(options: { readonly drainMs?: number | undefined } = {}): Promise<void> {
    checkKeys(options, ["drainMs"]);
    const { drainMs = 0 } = options;
    if (!(typeof drainMs === "number" && drainMs >= 0)) {
      throw new InvalidOptionError("drainMs", `drainMs must be 0 or more, but is ${drainMs}.`);
    }
    await this.session.close(drainMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal */
  get log(): SessionPorts["log"] {
    return this.ports.log;
  }
}
