/** A member of the fleet: it lives, crashes, and lives again as another process on the same machine. */

import type { Random } from "../random.js";
import { BIRTH_MS } from "../redis/server.js";
import type { World } from "../world.js";
import { ProcessClock } from "./clock.js";
import type { Mishap } from "./connection.js";
import { Host } from "./host.js";
import { Life, type Role } from "./life.js";
import { ChangingWeather } from "./weather.js";

export class Member {
  life: Life | undefined = undefined;
  readonly weather: ChangingWeather;
  /** How long grants shall pause after a restart, as its configuration says. */
  readonly pauseMs: number;
  private lives = 0;
  private canReach = true;

  constructor(
    readonly name: string,
    readonly role: Role,
    private readonly world: World,
    private readonly random: Random,
  ) {
    const struck = (mishap: Mishap) => world.sightings.mishap(mishap);
    this.weather = new ChangingWeather(world.timeline, random.fork(1), world.plan, struck);
    this.pauseMs = random.fork(-1).pick(world.plan.pausesMs);
  }

  /** Which of the intervals its acquires may bring: none longer than the pause. */
  get heartbeatMs(): readonly number[] {
    return this.world.plan.heartbeatMs.filter((intervalMs) => intervalMs <= this.pauseMs);
  }

  get reachable(): boolean {
    return this.canReach;
  }

  set reachable(reachable: boolean) {
    this.canReach = reachable;
    if (this.life) this.life.client.reachable = reachable;
    if (!reachable) this.life?.client.cut("the network is partitioned");
  }

  start(): void {
    if (this.life) return;
    const { random } = this;
    const host = new Host(`${this.name}.${++this.lives}`, this.world.timeline);
    const offsetMs = BIRTH_MS + random.between(-3_600_000, 3_600_000);
    const clock = new ProcessClock(host, random, offsetMs, random.between(0.99, 1.01));
    this.life = new Life(this.role, host, clock, this.world, this, random.fork(this.lives));
    this.life.client.reachable = this.canReach;
  }

  /** As `kill -9` would. */
  crash(): void {
    this.life?.end();
    this.life = undefined;
  }
}
