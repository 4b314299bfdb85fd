/** A client on a simulated clock, and the server that it talks to; the words that tests are written in. */

import type { Terms } from "../../src/core/command.js";
import type { Event } from "../../src/core/event.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import type { History, Report, Views } from "../../src/ports.js";
import { Link } from "../../src/session/link.js";
import type { LiveAcquisition } from "../../src/session/live-acquisition.js";
import type { Logger } from "../../src/session/logger.js";
import { Session } from "../../src/session/session.js";
import { turn } from "../support/memory-promises.js";
import { FakeServer } from "./fake-server.js";

const STEP_MS = 10;

export class Client {
  readonly clock = new SimulatedClock(5_000_000);
  readonly server: FakeServer;
  readonly session: Session;
  readonly link: Link;
  readonly urged: Report[] = [];
  readonly warnings: string[] = [];
  /** Each time that the log was reached (`undefined`) or not. */
  readonly reached: (Error | undefined)[] = [];
  staysAlive = false;
  private readonly logger: Logger = {
    debug() {},
    info() {},
    warn: (_details, message) => this.warnings.push(message),
    error() {},
  };

  private constructor(server?: { readonly aheadMs: number }) {
    this.server = new FakeServer(this.clock, server);
    this.link = new Link({
      uplink: this.server,
      clock: this.clock,
      responseTimeoutMs: 5_000,
      onUnanswered: (report) => this.urged.push(report),
      onReach: (failure) => this.reached.push(failure),
      onKeepAlive: (wanted) => {
        this.staysAlive = wanted;
      },
    });
    let made = 0;
    this.session = new Session({
      log: this.link,
      views: noViews,
      distant: this.link,
      clock: this.clock,
      ids: () => `id${++made}`,
    });
  }

  /** It can reach the server. */
  static async connected(server?: { readonly aheadMs: number }): Promise<Client> {
    const client = new Client(server);
    client.server.up();
    await turn();
    return client;
  }

  static unconnected(): Client {
    return new Client();
  }

  acquire(terms: Terms = {}, signal?: AbortSignal): Promise<LiveAcquisition> {
    const promise = this.session.acquire(this.request(terms), signal);
    // The test looks at it later.
    promise.catch(() => {});
    return promise;
  }

  tryAcquire(): Promise<LiveAcquisition | null> {
    const promise = this.session.tryAcquire(this.request({ noWait: true }));
    promise.catch(() => {});
    return promise;
  }

  /** Time passes here and there, in small steps. */
  async passes(ms: number, stepMs = STEP_MS): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.clock.advance(Math.min(left, stepMs));
      await turn();
      this.server.decide();
      await turn();
    }
  }

  /** What the server has decided, as types or with acquisitions. */
  get story(): string[] {
    return this.server.events
      .filter(({ type }) => type !== "ticked" && type !== "resumed")
      .map((event) => `${event.type}${"acquisition" in event ? ` ${event.acquisition}` : ""}`);
  }

  last(type: Event["type"]): Event | undefined {
    return this.server.events.findLast((event) => event.type === type);
  }

  private request(terms: Terms) {
    return { semaphore: "api", value: 1, terms, logger: this.logger };
  }
}

/** Lets everything go on that needs no time. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn();
}

export const noViews: Views = {
  stats: async () => [],
  locked: async () => false,
  holders: async () => [],
  waiters: async () => [],
  async *events() {},
};

export const noHistory: History = {
  async *entries() {},
  head: async () => ({ seq: 0, hash: "" }),
  now: async () => 0,
};
