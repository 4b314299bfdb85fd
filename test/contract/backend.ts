/**
 * What the contract needs from a backend, and the words that its tests are written in. Every test
 * gets coordinators and names of its own, so backends whose slots outlive a test fit as well.
 */

import { afterEach, beforeEach, vi } from "vitest";
import type {
  AcquireOptions,
  Acquisition,
  Coordinator,
  Semaphore,
  SemaphoreOptions,
} from "../../src/index.js";

export interface Backend {
  readonly name: string;
  /** A coordinator with a session of its own. Those that one test makes share their slots. */
  createCoordinator(): Coordinator | Promise<Coordinator>;
  /** The same, in what stands for a process that can end without a word. */
  createMortal(): Mortal | Promise<Mortal>;
  /** Lets simulated time pass; absent where time is real. */
  advance?(ms: number): void;
}

export interface Mortal {
  readonly coordinator: Coordinator;
  /** From now on nobody hears of it. */
  die(): void;
}

type Options = Partial<SemaphoreOptions>;

/** Long enough to be no accident, short enough to be waited for in real time. */
export const SHORT_MS = 60;

/** So much simulated time passes from one look to the next. */
const LOOK_MS = 50;

let made = 0;

/** Makes what a test starts from, and closes it after the test. */
export class Given {
  private coordinators: Coordinator[] = [];

  constructor(private readonly backend: Backend) {
    beforeEach(() => {
      this.coordinators = [];
    });
    afterEach(async () => {
      await Promise.all(this.coordinators.map((coordinator) => coordinator.close()));
    });
  }

  async coordinator(): Promise<Coordinator> {
    const coordinator = await this.backend.createCoordinator();
    this.coordinators.push(coordinator);
    return coordinator;
  }

  /** A semaphore with one slot and a new name, unless told otherwise; all of a test share a coordinator. */
  async semaphore(options: Options = {}): Promise<Semaphore> {
    const coordinator = this.coordinators[0] ?? (await this.coordinator());
    return coordinator.semaphore({ name: `contract-${++made}`, value: 1, ...options });
  }

  /** The same semaphore as another process would make it. */
  async elsewhere({ name, value }: Semaphore, options: Options = {}): Promise<Semaphore> {
    return (await this.coordinator()).semaphore({ name, value, ...options });
  }

  /** A semaphore whose only slot is held. */
  async busy(options: Options = {}): Promise<{ semaphore: Semaphore; holder: Acquisition }> {
    const semaphore = await this.semaphore(options);
    return { semaphore, holder: await semaphore.acquire() };
  }

  /** One that shares slots with the others of the test, until it dies. */
  async mortal(): Promise<Mortal> {
    const mortal = await this.backend.createMortal();
    this.coordinators.push(mortal.coordinator);
    return mortal;
  }

  /** Time passes until it doesn't throw. */
  until<T>(attempt: () => T | Promise<T>): Promise<T> {
    const look = () => {
      this.passes(LOOK_MS);
      return attempt();
    };
    return vi.waitFor(look, { interval: 20, timeout: 10_000 });
  }

  /** Time passes: simulated where it can be, else by itself, since whoever calls this waits for what it brings. */
  passes(ms: number): void {
    this.backend.advance?.(ms);
  }
}

/** So many wait for the semaphore. */
export async function queued(semaphore: Semaphore, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { queued } = await semaphore.stats();
      if (queued !== count) throw new Error(`${queued} wait for ${semaphore.name}, not ${count}`);
    },
    { interval: 5 },
  );
}

/** Begins to acquire; goes on when it stands in the queue, behind those that stood there. */
export async function waiting(
  semaphore: Semaphore,
  options: AcquireOptions = {},
): Promise<{ readonly acquired: Promise<Acquisition> }> {
  const before = (await semaphore.stats()).queued;
  const acquired = semaphore.acquire(options);
  // The test awaits it later.
  acquired.catch(() => {});
  await queued(semaphore, before + 1);
  return { acquired };
}

/** Why the signal aborts, once it does. */
export function abortOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
  });
}

/** All that an async iterable yields. */
export async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of iterable) items.push(item);
  return items;
}
