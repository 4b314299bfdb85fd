/**
 * What the semaphores of one namespace share: the session, the log behind it, the clock.
 * Memory and Redis mode differ in what they are composed of, not in what they do.
 */

import type { Event } from "../core/event.js";
import type { Holder, SemaphoreStats, Waiter } from "../core/views.js";
import { InvalidOptionError } from "../errors.js";
import type { EventQuery } from "../ports.js";
import { Session, type SessionPorts } from "../session/session.js";
import {
  type AcquireLimits,
  checkId,
  checkKeys,
  checkName,
  checkValue,
  type SemaphoreOptions,
} from "./options.js";
import { Semaphore } from "./semaphore.js";

export interface AcquiredStatsQuery {
  /** Only these; with it, idle ones are reported too, as far as they are known. */
  readonly names?: readonly string[] | undefined;
  /** At most so many, the fullest first. Default: 100. */
  readonly limit?: number | undefined;
}

const DEFAULT_STATS_LIMIT = 100;

export class Coordinator implements AsyncDisposable {
  /** @internal What acquires get that say nothing, and what they may say. */
  readonly limits: AcquireLimits = {};
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
    return new Map(await this.ports.views.stats({ names, limit }));
  }

  /** Who holds a slot of this semaphore, in order of the grants. */
  async holders(semaphore: string): Promise<Holder[]> {
    checkName(semaphore);
    return this.ports.views.holders(semaphore);
  }

  /** Who waits for a slot of this semaphore, in order of the queue. */
  async waiters(semaphore: string): Promise<Waiter[]> {
    checkName(semaphore);
    return this.ports.views.waiters(semaphore);
  }

  /**
   * Changes how many slots a semaphore has that is in use, for everybody and until it is set back; 0 pauses.
   * `false` if it had that size already, or is not in use.
   */
  async resize(semaphore: string, value: number): Promise<boolean> {
    checkName(semaphore);
    checkValue(value, 0);
    return this.session.resize(semaphore, undefined, value);
  }

  /** Takes a slot back, or a place in a queue, by the acquisition's id; see `Semaphore.revoke`. */
  async revoke(
    id: string,
    options: { readonly force?: boolean | undefined } = {},
  ): Promise<boolean> {
    checkId(id);
    checkKeys(options, ["force"]);
    return this.session.revoke(id, options.force === true);
  }

  /** What happened, oldest first, as far as it is kept. */
  history(query: EventQuery = {}): AsyncIterable<Event> {
    checkKeys(query, ["semaphore", "acquisition"]);
    return this.ports.views.events(query);
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
  get views(): SessionPorts["views"] {
    return this.ports.views;
  }
}
