/** What goes wrong at the server as a whole: it stops, forgets, is slow or full, or its clock is set. */

import type { Hold } from "../audit/holds.js";
import type { Member } from "../process/member.js";
import type { Random } from "../random.js";
import { type Data, noData } from "../redis/data.js";
import type { World } from "../world.js";
import type { Healing } from "./healing.js";
import type { NetworkFaults } from "./network.js";

/** How often it is tried to find a moment that makes a difference. */
const TRIES = 5;

export class ServerFaults {
  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly healing: Healing,
    private readonly network: NetworkFaults,
  ) {}

  stop(): void {
    this.down(() => this.world.redis.data, "");
  }

  /** The disk has what was there some time ago, before somebody got what he holds, if that can be had. */
  stopAndRewind(tries = TRIES): void {
    const { redis } = this.world;
    if (!redis.isUp) return;
    const data = redis.copy();
    const lostMs = this.random.between(0, 1000);
    this.healing.strikeIn(lostMs, () => {
      if (!redis.isUp) return;
      if (tries > 0 && this.forgottenBy(data).length === 0) {
        this.stopAndRewind(tries - 1);
        return;
      }
      this.down(() => data, ` and loses its last ${Math.round(lostMs)} ms`);
      if (this.random.chance(0.7)) this.cutOffForgotten(data);
    });
  }

  stopAndLoseAll(): void {
    this.down(noData, " and loses everything");
  }

  /**
   * Whoever knew of the data finds Redis again only after a process that was started meanwhile has begun anew, without
   * a pause: what they say they hold comes too late.
   */
  loseAllUnknown(tries = TRIES): void {
    const { redis, members } = this.world;
    const newcomer = this.random.pickAny(members.filter(({ role }) => role !== "client"));
    if (!redis.isUp || newcomer === undefined) return;
    const isHeld = members.some(
      ({ life }) => life && life !== newcomer.life && life.holds.size > 0,
    );
    if (tries > 0 && !isHeld) {
      this.healing.strikeIn(200, () => this.loseAllUnknown(tries - 1));
      return;
    }
    const ms = this.random.between(800, 1500);
    this.down(noData, " and loses everything", 5);
    for (const member of members) if (member !== newcomer) this.network.partition(member, ms);
    this.world.chronicle.fault(`${newcomer.name} is started anew`);
    newcomer.crash();
    newcomer.start();
  }

  /** Also of others who use the same server. */
  slowDown(): void {
    const ms = this.random.pick([10, 100, 500, 2000]) * this.random.between(0.5, 1);
    const count = this.random.pick([1, 1, 5]);
    this.world.chronicle.fault(`${count} slow scripts, of ${Math.round(ms)} ms`);
    for (let nth = 0; nth < count; nth++) {
      this.healing.strikeIn(nth * 1.5 * ms, () => this.world.redis.thread.slowDown(ms));
    }
  }

  fill(): void {
    const { redis, chronicle } = this.world;
    const ms = this.random.between(100, 4000);
    chronicle.fault(`Redis has no memory left for ${Math.round(ms)} ms`);
    redis.isFull = true;
    this.healing.healIn(ms, () => {
      redis.isFull = false;
    });
  }

  setClock(): void {
    this.shiftClock(this.random.pick([-3_600_000, -5000, -700, 700, 5000, 3_600_000]));
  }

  /** By less than anybody notices. */
  nudgeClock(): void {
    this.shiftClock(this.random.whole(-50, 50));
  }

  private shiftClock(ms: number): void {
    this.world.chronicle.fault(`the server's clock is set by ${ms} ms`);
    this.world.redis.shiftClock(ms);
    this.world.holds.clockWasSet(ms);
  }

  private down(
    later: () => Data,
    loss: string,
    usualMs = this.random.pick([5, 5, 500, 5000]),
  ): void {
    const { redis, chronicle } = this.world;
    if (!redis.isUp) return;
    const downMs = usualMs * this.random.between(0.5, 1.5);
    chronicle.fault(`Redis stops for ${Math.round(downMs)} ms${loss}`);
    redis.stop();
    this.healing.healIn(downMs, () => {
      if (!redis.isUp) redis.start(later());
    });
  }

  /** Somebody who holds what is lost does not hear of it for a while, and knows nothing but its own deadline. */
  private cutOffForgotten(data: Data): void {
    const member = this.random.pickAny(this.forgottenBy(data));
    if (member) this.network.partition(member, this.random.between(1000, 6000));
  }

  /** Those who hold what this data does not know. */
  private forgottenBy({ acquisitions }: Data): Member[] {
    const isForgotten = ({ slot }: Hold) => !acquisitions.has(`${slot.semaphoreName}\n${slot.id}`);
    return this.world.members.filter(({ life }) => [...(life?.holds ?? [])].some(isForgotten));
  }
}
