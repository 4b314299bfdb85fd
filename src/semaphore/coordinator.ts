/**
 * What the semaphores of one namespace share: the session, the log behind it, the clock.
 * Memory and Redis mode differ in what they are composed of, not in what they do.
 */

import type { Event } from "../core/event.js";
import type { Holder, SemaphoreStats, Waiter } from "../core/views.js";
import { InvalidOptionError } from "../errors.js";
import { explain } from "../history/explain.js";
import type { Explanation } from "../history/explanation.js";
import { writeHistory } from "../history/lines.js";
import type { Moment } from "../history/moment.js";
import { type Replayed, replay } from "../history/replay.js";
import { type Verification, type VerifyOptions, verify } from "../history/verify.js";
import type { History } from "../ports.js";
import { Session, type SessionPorts } from "../session/session.js";
import {
  checkHistory,
  checkMoment,
  checkVerify,
  checkWatch,
  type HistoryQuery,
  type WatchQuery,
} from "./history-query.js";
import {
  checkResize,
  checkRevoke,
  type ResizeOptions,
  type RevokeOptions,
} from "./interventions.js";
import {
  type AcquireLimits,
  checkId,
  checkKeys,
  checkName,
  checkValue,
  type SemaphoreOptions,
} from "./options.js";
import { Semaphore } from "./semaphore.js";
import { Watches } from "./watches.js";

export interface AcquiredStatsQuery {
  /** Only these; with it, idle ones are reported too, as far as they are known. */
  readonly names?: readonly string[] | undefined;
  /** At most so many, the fullest first. Default: 100. */
  readonly limit?: number | undefined;
}

const DEFAULT_STATS_LIMIT = 100;

/** What a coordinator stands on. */
export interface CoordinatorPorts extends SessionPorts {
  readonly history: History;
  /** Of the data on Redis. */
  readonly namespace?: string | undefined;
}

export class Coordinator implements AsyncDisposable {
  /** @internal What acquires get that say nothing, and what they may say. */
  readonly limits: AcquireLimits = {};
  /** @internal */
  readonly session: Session;

  private readonly watches: Watches;

  /** @internal */
  constructor(protected readonly ports: CoordinatorPorts) {
    this.session = new Session(ports);
    this.watches = new Watches(ports.history);
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
  async resize(semaphore: string, value: number, options: ResizeOptions = {}): Promise<boolean> {
    checkName(semaphore);
    checkValue(value, 0);
    const { operator } = checkResize(options);
    return this.session.resize(semaphore, undefined, value, operator);
  }

  /** Takes a slot back, or a place in a queue, by the acquisition's id; see `Semaphore.revoke`. */
  async revoke(id: string, options: RevokeOptions = {}): Promise<boolean> {
    checkId(id);
    const { force = false, operator } = checkRevoke(options);
    return this.session.revoke(id, force, operator);
  }

  /** What happened, oldest first unless `reverse`, as far as it is kept. @throws InvalidOptionError */
  history(query: HistoryQuery = {}): AsyncIterable<Event> {
    return this.ports.views.events(checkHistory(query, ["semaphore"]));
  }

  /**
   * What happens, as it happens, until `signal` aborts or the coordinator is closed. To go on later without a gap, pass the
   * `seq` of the last event as `after`. On Redis it keeps the process alive, and comes up to a fifth of a second late; if
   * Redis cannot be reached, it rejects with `BackendUnavailableError`. It rejects with `HistoryError` if there is no event
   * `after` yet.
   *
   * @example
   * for await (const event of coordinator.watch({ types: ["expired"] })) console.log(describeEvent(event));
   *
   * @throws InvalidOptionError
   */
  watch(query: WatchQuery = {}): AsyncIterable<Event> {
    return this.watches.begin(checkWatch(query, ["semaphore"]));
  }

  /**
   * Whether the history is whole: every entry as it was written, none missing, and each decision as today's code makes it.
   * Rejects with `InvalidOptionError`; damage is an answer, not an error.
   */
  async verify(options: VerifyOptions = {}): Promise<Verification> {
    const { head, decisions } = checkVerify(options);
    const { history } = this.ports;
    return verify(history.entries(), { head: head ?? (await history.head()), decisions });
  }

  /**
   * The exact state of all semaphores at a moment that is kept, or as it is now. Rejects with `HistoryError` if the moment
   * is not kept, `InvalidOptionError` if it is none.
   */
  async replay(moment: Moment = {}): Promise<Replayed> {
    return replay(this.ports.history.entries(), checkMoment(moment));
  }

  /**
   * Why the acquisition with this id waits, holds or has ended, now or at a moment; `describeExplanation` says it in words.
   * Rejects as `replay()` does.
   */
  async why(id: string, moment: Moment = {}): Promise<Explanation> {
    checkId(id);
    const checked = checkMoment(moment);
    const { history } = this.ports;
    return explain(history.entries(), id, { ...checked, now: await history.now() });
  }

  /**
   * The history as lines of JSON, without line feeds: a header, then an entry each. `readHistory` reads them again.
   *
   * @example
   * for await (const line of coordinator.export()) file.write(`${line}\n`);
   */
  async *export(): AsyncGenerator<string, void, undefined> {
    const { history, namespace } = this.ports;
    const [exportedAt, head] = await Promise.all([history.now(), history.head()]);
    yield* writeHistory({ namespace, exportedAt, head }, history.entries());
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
    this.watches.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal */
  get past(): Pick<CoordinatorPorts, "history" | "namespace"> {
    return this.ports;
  }

  /** @internal */
  get views(): SessionPorts["views"] {
    return this.ports.views;
  }
}
