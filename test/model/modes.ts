/** The two modes, each with users that stay for many stories: a story is about a semaphore of its own. */

import { Redis } from "ioredis";
import { matches } from "../../src/history/query.js";
import { type Coordinator, MemoryCoordinator, RedisCoordinator } from "../../src/index.js";
import { all } from "../contract/backend.js";
import { newNamespace } from "../support/redis-partition.js";
import type { RedisServer } from "../support/redis-server.js";
import { USERS } from "./actions.js";
import { HistoryTail } from "./history-tail.js";
import { linesOf } from "./lines.js";

export abstract class Mode {
  readonly coordinators: Coordinator[] = [];

  /** Another process of that user, in place of one that may have been there. */
  arrive(who: number): void {
    this.coordinators[who] = this.coordinator();
  }

  /** Its user asks no more. */
  async leave(who: number): Promise<void> {
    await this.coordinators[who]?.close();
  }

  /** What happened to the semaphore so far. */
  abstract history(semaphore: string): Promise<string[]>;

  protected abstract coordinator(): Coordinator;

  async close(): Promise<void> {
    for (const coordinator of this.coordinators) await coordinator.close();
  }

  protected fill(): this {
    for (let who = 0; who < USERS; who++) this.arrive(who);
    return this;
  }
}

export class MemoryMode extends Mode {
  static begin(): MemoryMode {
    return new MemoryMode().fill();
  }

  async history(semaphore: string): Promise<string[]> {
    const [any] = this.coordinators;
    return any ? linesOf(await all(any.history({ semaphore }))) : [];
  }

  protected coordinator(): Coordinator {
    return new MemoryCoordinator();
  }
}

export class RedisMode extends Mode {
  private readonly namespace: string;
  private readonly reader: Redis;
  /** Each question for the whole history would take longer than the one before. */
  private readonly tail: HistoryTail;

  private constructor(private readonly server: RedisServer) {
    super();
    const { namespace, key } = newNamespace();
    this.namespace = namespace;
    this.reader = new Redis(server.url);
    this.tail = new HistoryTail(this.reader, key("history"));
  }

  static begin(server: RedisServer): RedisMode {
    return new RedisMode(server).fill();
  }

  async history(semaphore: string): Promise<string[]> {
    await this.tail.catchUp();
    return linesOf(this.tail.events.filter((event) => matches(event, { semaphore })));
  }

  override async close(): Promise<void> {
    await super.close();
    this.reader.disconnect();
  }

  protected coordinator(): Coordinator {
    const { url } = this.server;
    return new RedisCoordinator({ url, namespace: this.namespace });
  }
}
