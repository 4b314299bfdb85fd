/** What goes wrong between a process and the server. */

import type { Way } from "../process/connection.js";
import type { Member } from "../process/member.js";
import type { Random } from "../random.js";
import type { World } from "../world.js";
import type { Healing } from "./healing.js";

const WAYS: readonly (readonly Way[])[] = [["there", "back"], ["there"], ["back"]];

export class NetworkFaults {
  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly healing: Healing,
  ) {}

  cut(member: Member): void {
    const { life } = member;
    if (life === undefined) return;
    // What is under way when a connection ends is what matters, so there should be something.
    const stallMs = this.random.pick([0, 100, 400]);
    member.weather.stall(["there"], 2 * stallMs);
    this.healing.strikeIn(stallMs, () => {
      this.world.chronicle.fault(`${life.name} loses its connection`);
      life.client.cut("somebody cut it");
    });
  }

  partition(member: Member, ms = this.random.between(100, 6000)): void {
    this.world.chronicle.fault(`${member.name} cannot reach Redis for ${Math.round(ms)} ms`);
    member.reachable = false;
    this.healing.healIn(ms, () => {
      member.reachable = true;
    });
  }

  stall(member: Member, ms: number): void {
    const ways = this.random.pick(WAYS);
    const where = ways.join(" and ");
    this.world.chronicle.fault(
      `the network of ${member.name} stands still for ${Math.round(ms)} ms (${where})`,
    );
    member.weather.stall(ways, ms);
  }
}
