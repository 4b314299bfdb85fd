/** A server and processes at its network, for tests of the simulated world itself. */

import type { Commit, Message, Term } from "../../src/ports.js";
import { Client } from "./process/client.js";
import type { Weather } from "./process/connection.js";
import { Host } from "./process/host.js";
import { SimulatedLease } from "./process/lease.js";
import { SimulatedStore } from "./process/store.js";
import { Terms } from "./process/terms.js";
import { SimulatedUplink } from "./process/uplink.js";
import { Random } from "./random.js";
import { type Observer, SimulatedRedis } from "./redis/server.js";
import { Timeline } from "./timeline.js";

const CLEAR: Weather = { latencyMs: () => 1, lost: 0, doubled: 0, delayed: 0 };

const NOBODY: Observer = {
  appended: () => {},
  committed: () => {},
  trimmed: () => {},
  claimed: () => {},
  started: () => {},
};

export class Bench {
  readonly timeline = new Timeline();
  readonly redis = new SimulatedRedis(this.timeline, NOBODY);

  /** A process that is connected. */
  async process(name: string): Promise<TestProcess> {
    const process = new TestProcess(name, this.timeline, this.redis);
    await this.pass(1000);
    return process;
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.timeline.run(this.timeline.now + ms);
  }

  /** What becomes of it soon. */
  async outcome<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {});
    await this.pass(20);
    return promise;
  }
}

export class TestProcess {
  readonly host: Host;
  readonly client: Client;
  readonly uplink: SimulatedUplink;
  readonly lease: SimulatedLease;
  readonly store: SimulatedStore;
  /** What its sessions were told, and whether it is connected. */
  readonly heard: string[] = [];

  constructor(name: string, timeline: Timeline, redis: SimulatedRedis) {
    const random = new Random(1);
    const terms = new Terms();
    this.host = new Host(name, timeline);
    this.client = new Client(this.host, redis, CLEAR, random);
    this.uplink = new SimulatedUplink(this.client);
    this.lease = new SimulatedLease(this.client, terms, 1000);
    this.store = new SimulatedStore(this.client, terms, timeline, random);
    this.uplink.open({
      up: () => this.heard.push("up"),
      down: () => this.heard.push("down"),
      receive: (session: string, message: Message) =>
        this.heard.push(`${session}: ${JSON.stringify(message)}`),
    });
  }
}

/** The term of a claim that must have been won. */
export async function won(claim: ReturnType<SimulatedLease["claim"]>): Promise<Term> {
  const reply = await claim;
  if (!reply.won) throw new Error(`somebody else leads for ${reply.ledForMs} ms`);
  return reply.term;
}

/** A commit in which nothing happened, and what a test makes of it. */
export function commitOf(part: Partial<Commit> = {}): Commit {
  return {
    ...{ number: 1, from: "0-0", to: "0-0", at: 0, seq: 0, token: 0, sweepAt: null, shiftMs: 0 },
    ...{ pausedUntil: 0, pauseMs: 0, restarted: false },
    counts: { semaphores: 0, acquisitions: 0, sessions: 0 },
    semaphores: new Map(),
    acquisitions: new Map(),
    sessions: new Map(),
    history: { seq: 1, commands: "[]", events: "[]", hash: "" },
    messages: new Map(),
    ...part,
  };
}
