/**
 * The semaphore as users see it. The same for memory and Redis: what differs is behind the
 * coordinator.
 */

import type { Event } from "../core/event.js";
import type { Holder, SemaphoreStats, Waiter } from "../core/views.js";
import type { AcquisitionLostError } from "../errors.js";
import type { AcquireRequest, Acquisition } from "../session/acquisition.js";
import type { LiveAcquisition } from "../session/live-acquisition.js";
import type { Coordinator } from "./coordinator.js";
import {
  checkHistory,
  checkWatch,
  type SemaphoreHistoryQuery,
  type SemaphoreWatchQuery,
} from "./history-query.js";
import { checkResize, type ResizeOptions, type RevokeOptions } from "./interventions.js";
import {
  ACQUIRE_OPTIONS,
  type AcquireOptions,
  type CheckedAcquire,
  checkAcquireOptions,
  checkId,
  checkKeys,
  checkSemaphoreOptions,
  checkSignal,
  checkTask,
  checkValue,
  type SemaphoreOptions,
} from "./options.js";

export class Semaphore {
  readonly name: string;
  /** How many slots this object declares. An operator may have resized the semaphore: see `stats()`. */
  readonly value: number;
  private readonly defaults: CheckedAcquire;
  private readonly waiting: AcquireRequest;
  private readonly trying: AcquireRequest;

  /**
   * @param more which options there may be besides those of every semaphore.
   * @throws InvalidOptionError
   */
  constructor(
    readonly coordinator: Coordinator,
    options: SemaphoreOptions,
    more: readonly string[] = ["coordinator"],
  ) {
    checkSemaphoreOptions(options, more);
    this.name = options.name;
    this.value = options.value;
    this.defaults = checkAcquireOptions(options, undefined, coordinator.limits);
    this.waiting = this.request(this.defaults, false);
    this.trying = this.request(this.defaults, true);
  }

  /**
   * Waits for a slot, first come, first served.
   *
   * Rejects with `AcquireTimeoutError` after `maxAcquireTimeMs`, `signal.reason` when `signal` aborts,
   * `QueueFullError`, `ValueMismatchError`, `InvalidOptionError`, `ClosedError`; `AcquireCancelledError` when
   * somebody else ended the wait; in a worker thread `BackendUnavailableError` or `ProtocolError` when the
   * main thread cannot be reached.
   */
  acquire(options?: AcquireOptions): Promise<Acquisition> {
    return this.hold(options);
  }

  /** A slot if one is free now, else `null`. Rejects like `acquire()` otherwise. */
  async tryAcquire(options?: AcquireOptions): Promise<Acquisition | null> {
    const request = options === undefined ? this.trying : this.request(this.check(options), true);
    return this.coordinator.session.tryAcquire(request, options?.signal);
  }

  /**
   * Runs the task while it holds a slot, and gives the slot back in any case. Resolves with the task's
   * result. Rejects with what the task throws; or with `AcquisitionLostError` if the slot was lost
   * meanwhile (`slot.signal` tells the task at once) and the task did not fail for another reason; or
   * like `acquire()`.
   *
   * @example
   * await semaphore.use(async (slot) => fetch(url, { signal: slot.signal }));
   */
  async use<T>(
    task: (slot: Acquisition) => T | PromiseLike<T>,
    options?: AcquireOptions,
  ): Promise<T> {
    checkTask(task);
    const slot = await this.hold(options);
    let result: T;
    try {
      result = await task(slot);
    } catch (error) {
      await slot.release();
      throw isCausedBy(error, slot.lost) ? slot.lost : error;
    }
    await slot.release();
    if (slot.lost) throw slot.lost;
    return result;
  }

  /** Gives a slot back by the id of its acquisition, whoever acquired it. `false` if it was not held. */
  async release(id: string): Promise<boolean> {
    checkId(id);
    return this.coordinator.session.release(id);
  }

  /** Whether `tryAcquire()` would resolve with `null` now. */
  locked(): Promise<boolean> {
    return this.coordinator.views.locked(this.name);
  }

  async stats(): Promise<SemaphoreStats> {
    const stats = await this.coordinator.stats({ names: [this.name] });
    const idle = { acquiredSlots: 0, maxSlots: this.value, acquiredPercent: 0, queued: 0 };
    return stats.get(this.name) ?? idle;
  }

  /** Who holds a slot, in order of the grants. */
  holders(): Promise<Holder[]> {
    return this.coordinator.holders(this.name);
  }

  /** Who waits, in order of the queue. */
  waiters(): Promise<Waiter[]> {
    return this.coordinator.waiters(this.name);
  }

  /**
   * Changes how many slots there are, for everybody and until it is set back; 0 pauses. Growing wakes
   * waiters; shrinking evicts nobody and grants nothing until fewer are held than there are slots.
   * `false` if it had that size already.
   */
  async resize(value: number, options: ResizeOptions = {}): Promise<boolean> {
    checkValue(value, 0);
    const { operator } = checkResize(options);
    return this.coordinator.session.resize(this.name, this.value, value, operator);
  }

  /**
   * Takes a slot back: its holder's `signal` aborts, and its session releases it. With `force` the slot is
   * free at once, whatever the holder does. A waiter leaves the queue. `false` if there was nothing to revoke.
   */
  async revoke(id: string, options: RevokeOptions = {}): Promise<boolean> {
    return this.coordinator.revoke(id, options);
  }

  /** What happened to this semaphore; see `Coordinator.history`. @throws InvalidOptionError */
  history(query: SemaphoreHistoryQuery = {}): AsyncIterable<Event> {
    checkHistory(query);
    return this.coordinator.history({ ...query, semaphore: this.name });
  }

  /** What happens to this semaphore, as it happens; see `Coordinator.watch`. @throws InvalidOptionError */
  watch(query: SemaphoreWatchQuery = {}): AsyncIterable<Event> {
    checkWatch(query);
    return this.coordinator.watch({ ...query, semaphore: this.name });
  }

  private hold(options: AcquireOptions | undefined): Promise<LiveAcquisition> {
    if (options === undefined) return this.coordinator.session.acquire(this.waiting);
    try {
      const request = this.request(this.check(options), false);
      return this.coordinator.session.acquire(request, options.signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private check(options: AcquireOptions): CheckedAcquire {
    checkKeys(options, ["signal", ...ACQUIRE_OPTIONS]);
    checkSignal(options.signal);
    return checkAcquireOptions(options, this.defaults, this.coordinator.limits);
  }

  private request({ terms, logger, inspect }: CheckedAcquire, noWait: boolean): AcquireRequest {
    const { name: semaphore, value } = this;
    return { semaphore, value, terms: noWait ? { ...terms, noWait } : terms, logger, inspect };
  }
}

/** The task gave up because its slot was lost; it did not fail by itself. */
function isCausedBy(error: unknown, loss: AcquisitionLostError | undefined): boolean {
  const seen = new Set<unknown>();
  for (let cause = error; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
    if (cause === loss) return true;
    seen.add(cause);
  }
  return false;
}
