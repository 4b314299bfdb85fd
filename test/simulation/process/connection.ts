/**
 * One life of a process's connection to the server: calls and their replies, each channel in order.
 * When it is cut, what is under way rejects, and may have happened or not.
 */

import { BackendUnavailableError } from "../../../src/errors.js";
import type { Random } from "../random.js";
import type { Listener, SimulatedRedis } from "../redis/server.js";
import type { Host } from "./host.js";
import { Wire } from "./wire.js";

/** Sockets of a process: one for sessions, one for the leader's work, one that blocks, one that listens. */
export type Channel = "session" | "leader" | "reader" | "subscriber";

/** To the server, or back from it. */
export type Way = "there" | "back";

export const LATE = "what a session wrote came after its connection had ended";

/** What the network has done to somebody. */
export type Mishap =
  | "a message was lost"
  | "a message came twice"
  | "a message came late"
  | "what a session wrote was lost with its connection"
  | typeof LATE
  | "a reply was lost after its effect";

/** What the network does to messages. */
export interface Weather {
  latencyMs(way: Way): number;
  /** How often a published message is lost, comes twice, comes late. */
  readonly lost: number;
  readonly doubled: number;
  readonly delayed: number;
  struck(mishap: Mishap): void;
}

interface Pending {
  reject(reason: Error): void;
}

export class Connection implements Listener {
  private open = true;
  /** The life of the server that it reached; another one does not know it. */
  private readonly servedBy: string;
  private readonly wires = { there: new Map<Channel, Wire>(), back: new Map<Channel, Wire>() };
  private readonly pending = new Set<Pending>();
  private readonly leaveServer: () => void;
  private readonly ears = new Map<string, (text: string) => void>();

  constructor(
    private readonly host: Host,
    readonly server: SimulatedRedis,
    private readonly weather: Weather,
    private readonly random: Random,
    private readonly onCut: (reason: Error) => void,
  ) {
    this.servedBy = server.runId;
    this.leaveServer = server.connect(() => this.cut("the server closed the connection", false));
  }

  get runId(): string {
    return this.servedBy;
  }

  /** Runs this at the server, and resolves with what it says. */
  call<T>(channel: Channel, execute: (server: SimulatedRedis) => T): Promise<T> {
    return this.converse(channel, (reply) => reply(() => execute(this.server)));
  }

  /** Runs this at the server; the reply may come whenever it likes. */
  converse<T>(channel: Channel, begin: (reply: (result: () => T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending = { reject };
      this.pending.add(pending);
      // Cut, and the process does not know it yet.
      if (!this.open) return;
      const arrive = () => {
        if (!this.server.isUp || this.server.runId !== this.servedBy) return;
        if (!this.open && channel === "session") this.weather.struck(LATE);
        begin((result) => {
          const settle = outcomeOf(result, resolve, reject);
          this.answer(channel, () => {
            if (this.pending.delete(pending)) settle();
          });
        });
      };
      this.wire("there", channel).send(() => this.server.thread.run(arrive));
    });
  }

  listen(channel: string, ear: (text: string) => void): Promise<void> {
    this.ears.set(channel, ear);
    return this.call("subscriber", (server) => {
      if (this.open) server.subscribe(channel, this);
    });
  }

  unlisten(channel: string): void {
    this.ears.delete(channel);
    this.call("subscriber", (server) => server.unsubscribe(channel, this)).catch(() => {});
  }

  hear(channel: string, text: string): void {
    const { lost, doubled, delayed } = this.weather;
    const bring = () =>
      this.host.deliver(() => {
        if (this.open) this.ears.get(channel)?.(text);
      });
    if (this.random.chance(lost)) {
      this.weather.struck("a message was lost");
      return;
    }
    if (this.random.chance(delayed)) {
      this.weather.struck("a message came late");
      this.host.timeline.after(this.random.between(0, 2000), bring);
      return;
    }
    this.wire("back", "subscriber").send(bring);
    if (!this.random.chance(doubled)) return;
    this.weather.struck("a message came twice");
    this.wire("back", "subscriber").send(bring);
  }

  /** It ends for the process. What it had sent may still reach the server. */
  cut(why: string, mayArrive: boolean): void {
    if (!this.open) return;
    this.open = false;
    this.leaveServer();
    this.server.unsubscribeAll(this);
    for (const [channel, wire] of this.wires.there) {
      const surviving = mayArrive ? this.random.whole(0, wire.count) : 0;
      const isLost = channel === "session" && surviving < wire.count;
      if (isLost) this.weather.struck("what a session wrote was lost with its connection");
      wire.cut(surviving, this.random.pick([0, 50, 500, 3000]) * this.random.next());
    }
    for (const [channel, wire] of this.wires.back) {
      if (wire.count > 0) this.losesReply(channel);
      wire.cut(0, 0);
    }
    const reason = new BackendUnavailableError(`the connection ended: ${why}.`);
    this.host.deliver(() => {
      this.onCut(reason);
      for (const { reject } of this.pending) reject(reason);
      this.pending.clear();
    });
  }

  private answer(channel: Channel, settle: () => void): void {
    this.server.thread.say(() => {
      if (!this.open) this.losesReply(channel);
      else this.wire("back", channel).send(() => this.host.deliver(settle));
    });
  }

  /** What a reader is told has no effect, and what listeners are told is no reply. */
  private losesReply(channel: Channel): void {
    if (channel === "session" || channel === "leader") {
      this.weather.struck("a reply was lost after its effect");
    }
  }

  private wire(way: Way, channel: Channel): Wire {
    const known = this.wires[way].get(channel);
    if (known) return known;
    const wire = new Wire(this.host.timeline, () => this.weather.latencyMs(way));
    this.wires[way].set(channel, wire);
    return wire;
  }
}

function outcomeOf<T>(
  result: () => T,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
): () => void {
  try {
    const value = result();
    return () => resolve(value);
  } catch (reason) {
    return () => reject(reason);
  }
}
