/** What goes wrong in a process, or with the machine that it runs on. */

import type { Life } from "../process/life.js";
import type { Member } from "../process/member.js";
import type { Random } from "../random.js";
import type { World } from "../world.js";
import type { Healing } from "./healing.js";

/** A process that goes on has had time to notice what it missed. */
const AWAKE_MS = 20;

export class ProcessFaults {
  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly healing: Healing,
  ) {}

  pause(member: Member): void {
    const { life } = member;
    if (life?.host.state !== "running") return;
    const ms = this.pauseMs();
    this.world.chronicle.fault(`${life.name} is paused for ${Math.round(ms)} ms`);
    life.host.pause();
    this.healing.healIn(ms, () => this.resume(life));
  }

  /** The clock that a process reads may stand still while its machine does. */
  suspend(member: Member): void {
    const { life } = member;
    if (life?.host.state !== "running") return;
    const ms = this.pauseMs();
    this.world.chronicle.fault(`the machine of ${life.name} is suspended for ${Math.round(ms)} ms`);
    life.host.pause();
    life.clock.go(0);
    this.healing.healIn(ms, () => {
      life.clock.go();
      this.resume(life);
    });
  }

  crash(member: Member): void {
    const { life } = member;
    if (life === undefined) return;
    const ms = this.random.between(10, 8000);
    this.world.chronicle.fault(`${life.name} crashes, for ${Math.round(ms)} ms`);
    member.crash();
    this.healing.healIn(ms, () => member.start());
  }

  /** Anywhere in what follows from a timer, or from what the network brings. */
  crashAtAnAwait(member: Member): void {
    const { life } = member;
    if (life === undefined) return;
    const [actions, awaits] = [this.random.whole(1, 30), this.random.whole(0, 12)];
    const soon = this.random.between(10, 2000);
    let isOver = false;
    life.host.ambush(actions, awaits, () => {
      if (isOver || member.life !== life || life.host.state !== "running") return;
      this.world.chronicle.fault(`${life.name} crashes after ${awaits} awaits`);
      member.crash();
      this.healing.healIn(soon, () => member.start());
    });
    this.healing.healIn(10_000, () => {
      isOver = true;
    });
  }

  /** Whoever can lead wants to, at the same moment. */
  rivals(): void {
    const { world } = this;
    world.chronicle.fault("nobody leads any more, and all that can lead want to at once");
    if (world.redis.isUp) world.redis.deleteKey("leader");
    for (const { life } of world.members) life?.host.ring(() => life.candidate?.urge());
  }

  setClock(member: Member): void {
    const { life } = member;
    if (life === undefined) return;
    const ms = this.random.pick([60, 800, 5000, 3_600_000]);
    this.world.chronicle.fault(`the clock of ${life.name} jumps ahead by ${ms} ms`);
    life.clock.jump(ms);
  }

  letClockGoWrong(member: Member): void {
    const { life } = member;
    if (life?.host.state !== "running") return;
    const rate = this.random.pick([0.5, 0.8, 0.95, 1.05, 1.3, 2]);
    const ms = this.random.between(300, 8000);
    this.world.chronicle.fault(
      `the clock of ${life.name} goes at ${rate} for ${Math.round(ms)} ms`,
    );
    life.clock.go(rate);
    this.healing.healIn(ms, () => life.clock.go());
  }

  private resume(life: Life): void {
    if (life.host.state !== "paused") return;
    this.world.note(`${life.name} goes on`);
    life.host.resume();
    this.world.timeline.after(AWAKE_MS, () => this.world.awake(life.host));
  }

  private pauseMs(): number {
    return this.random.pick([50, 900, 3000, 12_000]) * this.random.between(0.5, 1.5);
  }
}
