/** What goes wrong, by chance, and how it is healed. */

import type { Hold } from "./audit/holds.js";
import type { Fault } from "./plan.js";
import type { Way } from "./process/connection.js";
import type { Member } from "./process/member.js";
import type { Random } from "./random.js";
import type { Data } from "./redis/data.js";
import type { Appointment } from "./timeline.js";
import type { World } from "./world.js";

const WAYS: readonly (readonly Way[])[] = [["there", "back"], ["there"], ["back"]];

export class Faults {
  private readonly healings = new Set<() => void>();
  /** What was begun and has not struck yet. */
  private readonly coming = new Set<Appointment>();

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  strike(): void {
    const { faults } = this.world.plan;
    if (Object.keys(faults).length === 0) return;
    this.inflict(this.random.weighted(faults));
  }

  /** All that is broken works again, and nothing that was begun strikes any more. */
  healAll(): void {
    for (const appointment of this.coming) appointment.cancel();
    this.coming.clear();
    for (const heal of [...this.healings]) heal();
  }

  private inflict(fault: Fault): void {
    const member = this.random.pick(this.world.members);
    const leader = this.world.leader() ?? member;
    const kinds: Readonly<Record<Fault, () => void>> = {
      "cut a connection": () => this.cut(member),
      "cut the leader": () => this.cut(leader),
      partition: () => this.partition(member),
      stall: () => this.stall(member, this.random.between(100, 3000)),
      // Long enough for another one to take over.
      "stall the leader": () => this.stall(leader, this.random.between(700, 2500)),
      pause: () => this.pause(member),
      "pause the leader": () => this.pause(leader),
      crash: () => this.crash(member),
      "crash the leader": () => this.crash(leader),
      "stop Redis": () => this.stopRedis(false),
      "stop Redis and lose its last moments": () => this.stopRedis(true),
      "fill Redis": () => this.fillRedis(),
      "delete the commands": () => this.deleteCommands(),
      "delete what was told": () => this.deleteTold(),
      "delete everything": () => this.deleteEverything(),
      "set the clock": () => this.setClock(),
      "write what no session writes": () => this.writeNonsense(),
    };
    kinds[fault]();
  }

  private cut(member: Member): void {
    const { life } = member;
    if (life === undefined) return;
    // What is under way when a connection ends is what matters, so there should be something.
    const stallMs = this.random.pick([0, 100, 400]);
    member.weather.stall(["there"], 2 * stallMs);
    this.strikeIn(stallMs, () => {
      this.world.chronicle.fault(`${life.name} loses its connection`);
      life.client.cut("somebody cut it");
    });
  }

  private partition(member: Member): void {
    const ms = this.random.between(100, 6000);
    this.world.chronicle.fault(`${member.name} cannot reach Redis for ${Math.round(ms)} ms`);
    member.reachable = false;
    this.healIn(ms, () => {
      member.reachable = true;
    });
  }

  private stall(member: Member, ms: number): void {
    const ways = this.random.pick(WAYS);
    const where = ways.join(" and ");
    this.world.chronicle.fault(
      `the network of ${member.name} stands still for ${Math.round(ms)} ms (${where})`,
    );
    member.weather.stall(ways, ms);
  }

  private pause(member: Member): void {
    const { life } = member;
    if (life?.host.state !== "running") return;
    const ms = this.random.pick([50, 900, 3000, 12_000]) * this.random.between(0.5, 1.5);
    this.world.chronicle.fault(`${life.name} is paused for ${Math.round(ms)} ms`);
    life.host.pause();
    this.healIn(ms, () => {
      if (life.host.state !== "paused") return;
      this.world.note(`${life.name} goes on`);
      life.host.resume();
      this.world.timeline.after(20, () => this.world.awake(life.host));
    });
  }

  private crash(member: Member): void {
    const { life } = member;
    if (life === undefined) return;
    const ms = this.random.between(10, 8000);
    this.world.chronicle.fault(`${life.name} crashes, for ${Math.round(ms)} ms`);
    member.crash();
    this.healIn(ms, () => member.start());
  }

  private stopRedis(lossy: boolean): void {
    const { redis, chronicle } = this.world;
    if (!redis.isUp) return;
    const data = lossy ? redis.copy() : undefined;
    const lostMs = lossy ? this.random.between(0, 1000) : 0;
    const downMs = this.random.pick([5, 500, 5000]) * this.random.between(0.5, 1.5);
    const stop = () => {
      if (!redis.isUp) return;
      const loss = lossy ? ` and loses its last ${Math.round(lostMs)} ms` : "";
      chronicle.fault(`Redis stops for ${Math.round(downMs)} ms${loss}`);
      redis.stop();
      if (data && this.random.chance(0.5)) this.cutOffForgotten(data);
      this.healIn(downMs, () => {
        if (!redis.isUp) redis.start(data);
      });
    };
    if (lossy) this.strikeIn(lostMs, stop);
    else stop();
  }

  /** Somebody who holds what is lost does not hear of it for a while, and knows nothing but its own deadline. */
  private cutOffForgotten({ acquisitions }: Data): void {
    const isForgotten = ({ slot }: Hold) => !acquisitions.has(`${slot.semaphoreName}\n${slot.id}`);
    const holders = this.world.members.filter(({ life }) =>
      [...(life?.holds ?? [])].some(isForgotten),
    );
    const member = this.random.pickAny(holders);
    if (member) this.partition(member);
  }

  private fillRedis(): void {
    const { redis, chronicle } = this.world;
    const ms = this.random.between(100, 4000);
    chronicle.fault(`Redis has no memory left for ${Math.round(ms)} ms`);
    redis.isFull = true;
    this.healIn(ms, () => {
      redis.isFull = false;
    });
  }

  private deleteCommands(): void {
    this.world.chronicle.fault("the commands are deleted");
    this.world.redis.deleteCommands();
  }

  private deleteTold(): void {
    this.world.chronicle.fault("what was told is deleted");
    this.world.redis.data.told.clear();
  }

  private deleteEverything(): void {
    this.world.chronicle.fault("everything is deleted");
    this.world.redis.deleteEverything();
  }

  private setClock(): void {
    const ms = this.random.pick([-3_600_000, -5000, -700, 700, 5000, 3_600_000]);
    this.world.chronicle.fault(`the server's clock is set by ${ms} ms`);
    this.world.redis.shiftClock(ms);
    this.world.holds.clockWasSet();
  }

  private writeNonsense(): void {
    const { redis } = this.world;
    if (!redis.isUp || redis.isFull) return;
    this.world.chronicle.fault("somebody writes nonsense");
    redis.add([
      ["session", "x"],
      ["number", "one"],
      ["commands", "[{}]"],
    ]);
  }

  private strikeIn(ms: number, strike: () => void): void {
    const appointment = this.world.timeline.after(ms, () => {
      this.coming.delete(appointment);
      strike();
    });
    this.coming.add(appointment);
  }

  private healIn(ms: number, heal: () => void): void {
    const once = () => {
      if (this.healings.delete(once)) heal();
    };
    this.healings.add(once);
    this.world.timeline.after(ms, once);
  }
}
