/**
 * The three connections to Redis: `commands` for all that is asked, `subscriber` for what is told,
 * `reader` for the leader's blocking reads. Uplink, lease, store and views share them.
 */

import type { SemaphoreError } from "../errors.js";
import type { Clock } from "../ports.js";
import { checkData, checkServer } from "./checks.js";
import { Connection } from "./connection.js";
import type { Keys } from "./keys.js";
import type { Life } from "./life.js";
import { clientsOf, type RedisSource } from "./source.js";

export interface ConnectionsOptions {
  readonly source: RedisSource;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly responseTimeoutMs: number;
  readonly warn: (message: string) => void;
}

/** Who wants to know when a connection begins and ends, and what is told. */
export interface ConnectionsListener {
  commandsUp?(): void;
  subscriberUp?(): void;
  /** One of these two is down, or did not come up. */
  down?(reason: SemaphoreError): void;
  message?(channel: string, text: string): void;
}

export class Connections {
  readonly commands: Connection;
  readonly subscriber: Connection;
  readonly reader: Connection;
  private readonly listeners: ConnectionsListener[] = [];
  private readonly warned = new Set<string>();
  private wanted = false;
  private questions = 0;
  private witness = false;

  /** @throws InvalidOptionError if the source cannot work. */
  constructor(private readonly options: ConnectionsOptions) {
    const { source, clock, responseTimeoutMs } = options;
    const shared = { make: clientsOf(source), clock, responseTimeoutMs };
    const down = (reason: SemaphoreError) => {
      for (const listener of this.listeners) listener.down?.(reason);
    };
    this.commands = new Connection({
      ...shared,
      role: "commands",
      prepare: (life) => this.prepareCommands(life),
      up: () => this.listeners.forEach((listener) => void listener.commandsUp?.()),
      down,
    });
    this.subscriber = new Connection({
      ...shared,
      role: "subscriber",
      prepare: (life) => this.prepareSubscriber(life),
      up: () => this.listeners.forEach((listener) => void listener.subscriberUp?.()),
      down,
    });
    this.reader = new Connection({
      ...shared,
      role: "reader",
      prepare: (life) => this.check(life),
    });
  }

  listen(listener: ConnectionsListener): void {
    this.listeners.push(listener);
  }

  start(): void {
    this.commands.start();
    this.subscriber.start();
  }

  /** The process stays alive for the connections while somebody waits. */
  keepAlive(wanted: boolean): void {
    this.wanted = wanted;
    this.applyKeepAlive();
  }

  /** Asks something once there is a connection; the process stays alive for the answer. */
  async ask<T>(question: (life: Life) => Promise<T>): Promise<T> {
    this.questions++;
    this.applyKeepAlive();
    try {
      return await question(await this.commands.ready(this.options.responseTimeoutMs));
    } finally {
      this.questions--;
      this.applyKeepAlive();
    }
  }

  /** We have seen data. If it is gone one day, whoever looks must know that there was some. */
  sawData(): void {
    if (this.witness) return;
    this.witness = true;
    if (!this.subscriber.isUp) return;
    // If it fails, the connection's next life begins with it.
    this.subscriber.life.call("ssubscribe", [this.options.keys.witness]).catch(() => {});
  }

  get hasSeenData(): boolean {
    return this.witness;
  }

  close(): void {
    for (const connection of this.all()) connection.close();
  }

  private applyKeepAlive(): void {
    for (const connection of this.all()) connection.keepAlive(this.wanted || this.questions > 0);
  }

  private all(): Connection[] {
    return [this.commands, this.subscriber, this.reader];
  }

  private async prepareCommands(life: Life): Promise<void> {
    await this.check(life);
    await checkData(life, this.options.keys);
  }

  private async prepareSubscriber(life: Life): Promise<void> {
    await this.check(life);
    const { vacant, witness } = this.options.keys;
    life.onMessage((channel, text) => {
      for (const listener of this.listeners) listener.message?.(channel, text);
    });
    await life.call("ssubscribe", [vacant]);
    if (this.witness) await life.call("ssubscribe", [witness]);
  }

  private check(life: Life): Promise<void> {
    return checkServer(life, (message) => {
      if (this.warned.has(message)) return;
      this.warned.add(message);
      this.options.warn(message);
    });
  }
}
