/**
 * A main thread and its workers, all in one thread and on one simulated clock: real ports between
 * them, real sessions at both ends.
 */

import { once } from "node:events";
import type { MessagePort } from "node:worker_threads";
import { LocalLog } from "../../src/memory/local-log.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import { Host } from "../../src/memory/threads/host.js";
import type { Greet } from "../../src/memory/threads/line.js";
import { RemoteClock } from "../../src/memory/threads/remote-clock.js";
import { RemoteLog } from "../../src/memory/threads/remote-log.js";
import { Coordinator } from "../../src/semaphore/coordinator.js";

const START = 1_000_000_000;

export class World {
  readonly clock = new SimulatedClock(START);
  readonly log = new LocalLog(this.clock, { events: 1_000, ageMs: Infinity });
  readonly main = this.coordinator("main", this.log, this.clock);

  /** @param aheadMs how far the worker's own clock is ahead of the main thread's. */
  worker(name: string, aheadMs = 0, greet: Greet = this.greet): Thread {
    const ports: MessagePort[] = [];
    const kept: Greet = (hello, port) => {
      ports.push(port);
      return greet(hello, port);
    };
    const clock = new RemoteClock(new SimulatedClock(START + aheadMs), () => this.clock.now());
    const log = new RemoteLog(kept, clock);
    return new Thread(log, clock, ports, (suffix) =>
      this.coordinator(`${name}${suffix}`, log, clock),
    );
  }

  /** How a worker's hello is received where all is well. */
  readonly greet: Greet = async (_hello, port) => {
    const now = this.clock.now();
    new Host(port, this.log, { now, monotonicMs: now });
  };

  /** Lets so much time pass that whoever did nothing meanwhile is forgotten. */
  passMinute(): void {
    this.clock.advance(61_000);
  }

  /** What happened, in short: `queued a-1`. */
  async story(...types: string[]): Promise<string[]> {
    const story: string[] = [];
    for await (const event of this.main.history()) {
      if (!types.includes(event.type)) continue;
      story.push(
        `${event.type} ${"acquisition" in event ? event.acquisition : (event.session ?? "")}`,
      );
    }
    return story;
  }

  /** Acquisitions get the coordinator's name and a number: `main-1`. */
  private coordinator(
    name: string,
    log: LocalLog | RemoteLog,
    clock: SimulatedClock | RemoteClock,
  ) {
    let made = 0;
    const ids = () => (made++ === 0 ? name : `${name}${made}`);
    return new Coordinator({ log, views: log, history: log, clock, ids });
  }
}

export class Thread {
  readonly coordinator: Coordinator;

  constructor(
    readonly log: RemoteLog,
    readonly clock: RemoteClock,
    private readonly ports: readonly MessagePort[],
    private readonly make: (suffix: string) => Coordinator,
  ) {
    this.coordinator = make("");
  }

  semaphore(name = "api", value = 1) {
    return this.coordinator.semaphore({ name, value });
  }

  /** Another coordinator of the same thread. */
  another(suffix: string): Coordinator {
    return this.make(suffix);
  }

  /** What the main thread sees when the worker ends in whatever way. */
  async end(): Promise<void> {
    for (const port of this.ports) {
      port.close();
      await once(port, "close");
    }
  }

  /** When all that is under way has arrived and was answered. */
  async settled(): Promise<void> {
    await this.log.locked("");
  }
}

export async function toArray<T>(items: AsyncIterable<T>): Promise<T[]> {
  const array: T[] = [];
  for await (const item of items) array.push(item);
  return array;
}
