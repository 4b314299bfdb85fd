/**
 * A time without faults: whatever waits must come to its end, whoever asks must be served, and no
 * slot may be lost; each in time (invariant 11).
 */

import { demand } from "./failure.js";
import type { Life } from "./process/life.js";
import type { Promises } from "./promises.js";
import type { Random } from "./random.js";
import type { Users } from "./users.js";
import type { World } from "./world.js";

/** A session that waits in vain looks after at most so long, and its question may stay unanswered for so long. */
const PATIENCE_MS = 5000 + 5000;
/** A candidate whose claims failed tries again after at most so long. */
const RETRY_MS = 10_000;
/** A lease that nobody renews, and a new connection. */
const LEASE_MS = 1000;
const CONNECT_MS = 1000;
/** From one holder to the next: a release, its commit and what is told, each behind one that is under way already. */
const HANDOVER_HOPS = 12;
const LOOK_MS = 250;

export class Calm {
  constructor(
    private readonly world: World,
    private readonly users: Users,
    private readonly promises: Promises,
    private readonly random: Random,
  ) {}

  /** @throws what went wrong, or what does not come to its end. */
  async pass(): Promise<void> {
    const { world, users, promises } = this;
    users.areCalm = true;
    // As if all waited for the same slot.
    const workMs = promises.pending.length * (world.plan.longestHoldMs + this.handoverMs);
    await this.settle("every wait ends", () => promises.pending, workMs);
    await this.settle("every process is there", () => this.absent());
    for (const life of world.runningClients()) users.probe(life);
    await this.settle("everybody gets a slot", () => users.missing);
    await this.settle("one leads, and the server knows it", () => this.discord());
    await this.settle("no slot is lost", () => world.liveIds());
    users.fill(this.random.pick(world.runningClients()));
    await this.settle("all slots can be had at once", () => users.missing);
    users.areCalm = false;
  }

  /**
   * Somebody connects, finds that nobody answers, and leads; grants pause for as long as anybody may be silent;
   * who is silent is noticed after at most one and a half of its intervals.
   */
  private get boundMs(): number {
    const { heartbeatMs, pausesMs } = this.world.plan;
    const silenceMs = 1.5 * Math.max(...heartbeatMs);
    const pauseMs = Math.max(...heartbeatMs, ...pausesMs);
    return CONNECT_MS + PATIENCE_MS + RETRY_MS + LEASE_MS + pauseMs + silenceMs;
  }

  /** The last one: afterwards nobody is there. */
  async end(close: (life: Life) => void): Promise<void> {
    const { world, promises } = this;
    for (const { life } of world.members) if (life && life.role !== "reconciler") close(life);
    await this.settle("every session closes", () => promises.pending);
    await this.settle("every entry is decided", () => this.undecided());
  }

  private get handoverMs(): number {
    return HANDOVER_HOPS * 1.5 * Math.max(...this.world.plan.latenciesMs);
  }

  /** Waits until nothing is left of it; in the usual time, or so much more. */
  private async settle(what: string, left: () => readonly string[], moreMs = 0): Promise<void> {
    const { world } = this;
    const { timeline } = world;
    const begin = timeline.now;
    const end = begin + this.boundMs + moreMs;
    while (world.failure === undefined && left().length > 0 && timeline.now < end) {
      await timeline.run(timeline.now + LOOK_MS, () => world.failure !== undefined);
    }
    if (world.failure !== undefined) throw world.failure;
    demand(11, left().length === 0, () => `it should be that ${what}, but: ${left().join(", ")}`);
    world.note(`-- ${what}, after ${Math.round(timeline.now - begin)} ms --`);
  }

  /** Those that end just now, or were not started again yet. */
  private absent(): string[] {
    const isThere = (life?: Life) => life?.host.state === "running" && !life.closing;
    return this.world.members.filter(({ life }) => !isThere(life)).map(({ name }) => name);
  }

  /** Who believes to lead, if that is not the one whom the server knows. */
  private discord(): string[] {
    const { leader } = this.world.redis.data;
    const leading = this.world.members.flatMap(({ life }) => life?.candidate?.leading ?? []);
    const epochs = leading.map(({ epoch }) => epoch);
    if (epochs.length === 1 && epochs[0] === leader?.epoch) return [];
    return [`the server says ${leader?.epoch}`, ...epochs.map((epoch) => `one says ${epoch}`)];
  }

  private undecided(): string[] {
    const { commands, meta } = this.world.redis.data;
    return commands.after(meta?.cursor ?? "0-0", 10).map(({ id }) => `entry ${id}`);
  }
}
