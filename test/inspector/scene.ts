/** A fleet in simulated time, for the inspector to look at: several processes, six semaphores, and what goes wrong at night. */

import { LocalLog } from "../../src/memory/local-log.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import { Coordinator } from "../../src/semaphore/coordinator.js";
import type { Semaphore } from "../../src/semaphore/semaphore.js";

interface Load {
  readonly name: string;
  readonly value: number;
  /** Acquires in a second. */
  readonly rate: number;
  readonly holdMs: readonly [number, number];
  readonly ttlMs?: number;
  readonly maxAcquireTimeMs?: number;
  readonly heartbeatMaxIntervalMs?: number;
  /** One in so many hangs, and is taken its slot. */
  readonly hangs?: number;
  readonly job: string;
}

const LOADS: readonly Load[] = [
  {
    name: "billing-api",
    value: 5,
    rate: 1.9,
    holdMs: [1_200, 4_600],
    ttlMs: 9_000,
    hangs: 31,
    job: "invoice",
  },
  {
    name: "deploy",
    value: 1,
    rate: 0.15,
    holdMs: [4_000, 9_000],
    ttlMs: 15_000,
    maxAcquireTimeMs: 20_000,
    hangs: 3,
    job: "release",
  },
  {
    name: "gpu",
    value: 4,
    rate: 0.62,
    holdMs: [3_000, 9_500],
    heartbeatMaxIntervalMs: 6_000,
    job: "render",
  },
  {
    name: "nightly-export",
    value: 2,
    rate: 0.25,
    holdMs: [2_500, 8_000],
    ttlMs: 30_000,
    job: "tenant",
  },
  {
    name: "search-index",
    value: 2,
    rate: 0.95,
    holdMs: [900, 3_500],
    maxAcquireTimeMs: 2_500,
    job: "shard",
  },
  { name: "thumbnails", value: 6, rate: 2.6, holdMs: [300, 2_400], ttlMs: 5_000, job: "image" },
];

export class Scene {
  readonly clock: SimulatedClock;
  readonly coordinators: readonly Coordinator[];
  private readonly random: () => number;
  private readonly due: { at: number; run: () => void }[] = [];
  private jobs = 1_000;

  /** @param namespace makes it look like a fleet on Redis */
  constructor(startAt: number, seed = 7, events = 200_000, namespace?: string) {
    this.random = drawn(seed);
    this.clock = new SimulatedClock(startAt);
    const log = new LocalLog(this.clock, { events, ageMs: Infinity });
    this.coordinators = ["web-1", "web-2", "worker-a", "worker-b"].map(
      (process) =>
        new Coordinator({
          ...{ log, views: log, history: log, clock: this.clock, namespace },
          ids: () => process,
        }),
    );
  }

  get first(): Coordinator {
    const [first] = this.coordinators;
    if (first === undefined) throw new Error("a scene has coordinators");
    return first;
  }

  /** Lets it live for so long. What was begun goes on with the next call. */
  async run(ms: number, rate = 1): Promise<void> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) {
      this.clock.advance(25);
      for (const load of LOADS) {
        if (this.random() < (load.rate * rate * 25) / 1_000) this.begin(load);
      }
      for (const { run } of this.takeDue()) run();
      // What was granted is told in promises.
      await Promise.resolve();
      await new Promise(setImmediate);
    }
  }

  private begin(load: Load): void {
    const { name, value, ttlMs, maxAcquireTimeMs, heartbeatMaxIntervalMs, job, hangs } = load;
    const place = Math.floor(this.random() * this.coordinators.length);
    const coordinator = this.coordinators[place] ?? this.first;
    const metadata = { job: `${job}-${++this.jobs}` };
    const terms = { ttlMs, maxAcquireTimeMs, heartbeatMaxIntervalMs };
    const semaphore = coordinator.semaphore({ name, value, metadata, ...terms });
    const isStuck = hangs !== undefined && this.random() < 1 / hangs;
    const [least, most] = load.holdMs;
    const holdMs = isStuck ? 60_000 : least + this.random() * (most - least);
    void this.hold(semaphore, holdMs);
  }

  /** Who waited too long goes away; the history tells of it. */
  private async hold(semaphore: Semaphore, holdMs: number): Promise<void> {
    try {
      const acquisition = await semaphore.acquire();
      const run = () => void acquisition.release();
      this.due.push({ at: this.clock.now() + holdMs, run });
    } catch {
      return;
    }
  }

  private takeDue() {
    const now = this.clock.now();
    const due = this.due.filter(({ at }) => at <= now);
    for (const one of due) this.due.splice(this.due.indexOf(one), 1);
    return due;
  }
}

/** Numbers from 0 to 1 that are the same in every run. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
