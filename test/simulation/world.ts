/**
 * A fleet, a Redis and a network in one process, in simulated time. One seed makes one world, and
 * always the same: a time with faults, then one without, in which all must come to an end; perhaps again.
 */

import { Auditor } from "./audit/auditor.js";
import { Holds } from "./audit/holds.js";
import { Calm } from "./calm.js";
import { Chronicle } from "./chronicle.js";
import { Faults } from "./faults.js";
import { type Plan, planOf } from "./plan.js";
import type { Host } from "./process/host.js";
import type { Life, Role } from "./process/life.js";
import { Member } from "./process/member.js";
import { Promises } from "./promises.js";
import { Random } from "./random.js";
import type { SimulatedRedis } from "./redis/server.js";
import { Sightings } from "./sightings/sightings.js";
import { Watch } from "./sightings/watch.js";
import { WatchedRedis } from "./sightings/watched-redis.js";
import { type Counts, sumOf } from "./tally.js";
import { Timeline } from "./timeline.js";
import { Users } from "./users.js";

export interface WorldOptions {
  readonly seed: number;
  /** How many things happen on the timeline until the faults are over; else users' actions are counted. */
  readonly steps?: number | undefined;
  /** Where the world shall not be as the seed would make it. */
  readonly plan?: Partial<Plan> | undefined;
  /** Hears every line of the chronicle at once. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** How often users do something while there are faults. */
const ACTIONS = 120;

export class World {
  readonly timeline = new Timeline();
  readonly chronicle: Chronicle;
  readonly plan: Plan;
  readonly redis: SimulatedRedis;
  readonly holds = new Holds(this.timeline);
  readonly members: readonly Member[];
  readonly auditor: Auditor;
  readonly sightings = new Sightings(this.timeline);
  failure: unknown;
  private readonly random: Random;
  private readonly promises = new Promises((reason) => this.fail(reason));
  private readonly users: Users;
  private readonly faults: Faults;
  private readonly calm: Calm;
  private readonly steps: number | undefined;
  private faulty = true;
  private round = 0;
  /** How often users did something while there were faults. */
  private acted = 0;

  constructor(options: WorldOptions) {
    const { seed, plan } = options;
    this.steps = options.steps;
    this.chronicle = new Chronicle(this.timeline, options.onLine);
    this.random = new Random(seed);
    this.plan = { ...planOf(this.random.fork(1), ACTIONS), ...plan };
    this.auditor = new Auditor(
      () => this.redis.data,
      () => this.redis.nowMs,
      this.holds,
      (line) => this.note(line),
      (reason) => this.fail(reason),
    );
    const { reached } = this.sightings;
    const watch = new Watch(() => this.redis.data, this.auditor, this.sightings);
    this.redis = new WatchedRedis(this.timeline, watch, reached, {
      leading: () => this.members.filter(({ life }) => life?.candidate?.leading).length,
      isHeld: () => this.members.some(({ life }) => life !== undefined && life.holds.size > 0),
    });
    this.users = new Users(this, this.random.fork(2));
    this.faults = new Faults(this, this.random.fork(3));
    this.calm = new Calm(this, this.users, this.promises, this.random.fork(5));
    this.members = this.makeMembers(this.random.fork(4));
  }

  /** @throws what went wrong first. */
  async run(): Promise<void> {
    for (const member of this.members) member.start();
    for (; this.round < this.plan.rounds; this.round++) {
      this.worsen();
      await this.runFaulty(this.round);
      this.heal();
      await this.calm.pass();
    }
    await this.calm.end((life) => this.close(life));
    this.auditor.finish();
    await this.auditor.verify();
    if (this.failure) throw this.failure;
  }

  /** What went wrong on purpose, by kind. */
  get strikes(): Counts {
    return sumOf([this.faults.begun.all, this.sightings.mishaps.all]);
  }

  note(line: string): void {
    this.chronicle.note(line);
  }

  fail(reason: unknown): void {
    this.failure ??= reason;
  }

  track<T>(life: Life, what: string, promise: Promise<T>, then: (value: T) => void): void {
    this.promises.track(life.host, what, promise, (value) => {
      if (life.host.state !== "dead") then(value);
    });
  }

  /** Those whose users may do something now. */
  runningClients(): Life[] {
    return this.clients().flatMap(({ life }) =>
      life?.host.state === "running" && !life.closing ? [life] : [],
    );
  }

  /** Ids of what waits or holds, as the log knows it. */
  liveIds(): string[] {
    return [...this.auditor.history.state.acquisitions.values()].map(({ id }) => id);
  }

  leader(): Member | undefined {
    return this.members.find(({ life }) => life?.candidate?.leading);
  }

  awake(host: Host): void {
    try {
      if (host.state !== "running") return;
      const member = this.members.find(({ life }) => life?.host === host);
      this.sightings.woke(member?.life?.holds ?? []);
      this.holds.awake(host);
    } catch (reason) {
      this.fail(reason);
    }
  }

  /** A process ends in good order; after a while there is another one. */
  closeForGood(life: Life): void {
    const member = this.members.find((other) => other.life === life);
    this.close(life, () => {
      if (member?.life !== life) return;
      member.crash();
      this.timeline.after(500, () => member.start());
    });
  }

  private close(life: Life, then: () => void = () => {}): void {
    life.closing = true;
    this.note(`${life.name} closes`);
    this.track(life, "close", life.session.close(0), then);
  }

  /** Until enough has happened in this round. */
  private async runFaulty(round: number): Promise<void> {
    const { plan, timeline } = this;
    const share = (round + 1) / plan.rounds;
    const isEnough = () =>
      this.steps === undefined
        ? this.acted >= share * plan.actions
        : timeline.steps >= share * this.steps;
    this.actLater(round);
    this.strikeLater(round, plan.faultMs);
    await timeline.run(Infinity, () => this.failure !== undefined || isEnough());
  }

  private actLater(round: number): void {
    this.timeline.after(this.random.between(0, 2 * this.plan.actionMs), () => {
      if (!this.isFaultyIn(round)) return;
      this.acted++;
      this.users.act();
      this.actLater(round);
    });
  }

  private strikeLater(round: number, ms: number): void {
    this.timeline.after(ms, () => {
      if (!this.isFaultyIn(round)) return;
      this.faults.strike();
      this.strikeLater(round, this.random.between(0, 2 * this.plan.faultMs));
    });
  }

  private isFaultyIn(round: number): boolean {
    return this.faulty && this.round === round;
  }

  private worsen(): void {
    this.note("-- faults from now on --");
    this.faulty = true;
    for (const { weather } of this.members) weather.worsen();
  }

  private heal(): void {
    this.note("-- the faults are over --");
    this.faulty = false;
    this.faults.healAll();
    for (const { weather } of this.members) weather.clear();
    for (const semaphore of this.plan.semaphores) this.restoreSize(semaphore.name);
  }

  /** Somebody may have made it smaller, even so small that nobody can get in. */
  private restoreSize(name: string): void {
    if (this.faulty) return;
    const planned = this.plan.semaphores.find((semaphore) => semaphore.name === name);
    const record = this.auditor.history.state.semaphores.get(name);
    const life = this.random.pickAny(this.runningClients());
    if (planned && life && record && record.effective !== planned.value) {
      this.users.resize(life, planned, planned.value);
    }
    this.timeline.after(1000, () => this.restoreSize(name));
  }

  private clients(): Member[] {
    return this.members.filter(({ role }) => role !== "reconciler");
  }

  private makeMembers(random: Random): Member[] {
    const { processes, embedded, reconcilers } = this.plan;
    const roles: Role[] = [];
    for (let count = 0; count < processes; count++) {
      const decides = random.chance(embedded) || (count === 0 && reconcilers === 0);
      roles.push(decides ? "embedded" : "client");
    }
    for (let count = 0; count < reconcilers; count++) roles.push("reconciler");
    return roles.map(
      (role, index) => new Member(`${role[0]}${index}`, role, this, random.fork(index)),
    );
  }
}
