/** A fleet on a real Redis: processes that share a namespace, and what can be seen of it from outside. */

import { afterEach, vi } from "vitest";
import type { Event } from "../../src/core/event.js";
import { type RedisConfig, RedisCoordinator } from "../../src/index.js";
import { type Member, type MemberConfig, startMember } from "./fleet-process.js";
import { newNamespace } from "./redis-partition.js";
import type { RedisServer } from "./redis-server.js";

/** Short, so that nobody waits long for what was lost. */
export const SHORT_MS = 500;

/** What one commit stored. */
export interface StoredCommit {
  readonly epoch: number;
  readonly events: readonly Event[];
}

const open = new Set<RedisCoordinator>();

afterEach(async () => {
  // The first one leads, and the others need it to leave.
  const [first, ...others] = open;
  open.clear();
  await Promise.all(others.map((coordinator) => coordinator.close()));
  await first?.close();
});

/** Resolves with what it returns once it doesn't throw. */
export function until<T>(attempt: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(attempt, { interval: 10, timeout: 30_000 });
}

export class Fleet {
  readonly namespace: string;
  /** Name of a key. */
  readonly key: (name: string) => string;
  readonly config: MemberConfig;
  private watcher: RedisCoordinator | undefined = undefined;

  constructor(
    readonly server: RedisServer,
    config: MemberConfig = {},
  ) {
    const { namespace, key } = newNamespace();
    this.namespace = namespace;
    this.key = key;
    this.config = { url: server.url, namespace, failoverPauseMs: SHORT_MS, ...config };
  }

  /** A process that acquires, and leads if nobody else does. */
  member(config: MemberConfig = {}, preload?: string): Promise<Member> {
    return startMember({ ...this.config, ...config }, preload);
  }

  /** A process that acquires and never leads. */
  client(config: MemberConfig = {}, preload?: string): Promise<Member> {
    return this.member({ reconciler: "external", ...config }, preload);
  }

  /** A process that only leads; resolves when it does. */
  async leader(config: MemberConfig = {}): Promise<Member> {
    const leader = await this.reconciler(config);
    await leader.leads.take();
    return leader;
  }

  /** A process that only leads, or stands by to do so. */
  async reconciler(config: MemberConfig = {}): Promise<Member> {
    const reconciler = await startMember({ ...this.config, ...config });
    await reconciler.tell("reconcile");
    return reconciler;
  }

  /** In this process; closed after the test. */
  coordinator(config: RedisConfig = {}): RedisCoordinator {
    const coordinator = new RedisCoordinator({ ...this.config, ...config });
    open.add(coordinator);
    return coordinator;
  }

  /** Sees everything, and does nothing. */
  get observer(): RedisCoordinator {
    this.watcher ??= this.coordinator({ reconciler: "external" });
    return this.watcher;
  }

  /** Resolves once so many hold a slot and so many wait. */
  async counts(name: string, held: number, queued: number): Promise<void> {
    await until(async () => {
      const stats = (await this.observer.stats({ names: [name] })).get(name);
      const found = `${stats?.acquiredSlots ?? 0} hold, ${stats?.queued ?? 0} wait`;
      const wanted = `${held} hold, ${queued} wait`;
      if (found !== wanted) throw new Error(`of ${name}, ${found}, not: ${wanted}`);
    });
  }

  /** All commits that are kept, oldest first, as they are stored. */
  async commits(): Promise<StoredCommit[]> {
    const lines = await this.server.cli("--json", "XRANGE", this.key("history"), "-", "+");
    const entries: [string, string[]][] = JSON.parse(lines);
    return entries.map(([, fields]) => {
      const field = (name: string) => fields[fields.indexOf(name) + 1] ?? "";
      return { epoch: Number(field("epoch")), events: JSON.parse(field("events")) };
    });
  }

  async events(): Promise<Event[]> {
    return (await this.commits()).flatMap(({ events }) => events);
  }

  /** Resolves with the first event of the type, of this acquisition if one is given, once there is one. */
  event<T extends Event["type"]>(
    type: T,
    acquisition?: string,
  ): Promise<Extract<Event, { type: T }>> {
    const isIt = (event: Event): event is Extract<Event, { type: T }> =>
      event.type === type && (acquisition === undefined || idOf(event) === acquisition);
    return until(async () => {
      const found = (await this.events()).find(isIt);
      if (found === undefined) throw new Error(`there is no such event: ${type}`);
      return found;
    });
  }

  /** The terms in which commits were made, one after the other. */
  async epochs(): Promise<number[]> {
    const epochs = (await this.commits()).map(({ epoch }) => epoch);
    return epochs.filter((epoch, index) => epoch !== epochs[index - 1]);
  }
}

function idOf(event: Event): string | undefined {
  return "acquisition" in event ? event.acquisition : undefined;
}

/** A semaphore of a test; with one slot, unless told otherwise. */
export function called(name: string, value = 1) {
  return { name, value, heartbeatMaxIntervalMs: SHORT_MS };
}
