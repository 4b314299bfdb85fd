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
import { honest, type Mutation } from "./redis/mutations.js";
import { SimulatedRedis } from "./redis/server.js";
import { Timeline } from "./timeline.js";
import { Users } from "./users.js";

export interface WorldOptions {
  readonly seed: number;
  /** How often users do something while there are faults. */
  readonly actions?: number | undefined;
  readonly mutation?: Mutation | undefined;
  /** Where the world shall not be as the seed would make it. */
  readonly plan?: Partial<Plan> | undefined;
}

const DEFAULT_ACTIONS = 120;

export class World {
  readonly timeline = new Timeline();
  readonly chronicle = new Chronicle(this.timeline);
  readonly plan: Plan;
  readonly redis: SimulatedRedis;
  readonly holds = new Holds(this.timeline);
  readonly members: readonly Member[];
  readonly auditor: Auditor;
  failure: unknown;
  private readonly random: Random;
  private readonly promises = new Promises((reason) => this.fail(reason));
  private readonly users: Users;
  private readonly faults: Faults;
  private readonly calm: Calm;
  private faulty = true;

  constructor({ seed, actions = DEFAULT_ACTIONS, mutation = honest, plan }: WorldOptions) {
    this.random = new Random(seed);
    this.plan = { ...planOf(this.random.fork(1), actions), ...plan };
    this.auditor = new Auditor(
      () => this.redis.data,
      () => this.redis.nowMs,
      this.holds,
      (line) => this.note(line),
      (reason) => this.fail(reason),
    );
    this.redis = new SimulatedRedis(this.timeline, this.auditor, mutation);
    this.users = new Users(this, this.random.fork(2));
    this.faults = new Faults(this, this.random.fork(3));
    this.calm = new Calm(this, this.users, this.promises, this.random.fork(5));
    this.members = this.makeMembers(this.random.fork(4));
  }

  /** @throws what went wrong first. */
  async run(): Promise<void> {
    for (const member of this.members) member.start();
    for (let round = 0; round < this.plan.rounds; round++) {
      this.worsen();
      await this.runFaulty();
      this.heal();
      await this.calm.pass();
    }
    await this.calm.end((life) => this.close(life));
    this.auditor.finish();
    if (this.failure) throw this.failure;
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
      if (host.state === "running") this.holds.awake(host);
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

  private async runFaulty(): Promise<void> {
    const { plan, random, timeline } = this;
    const begin = timeline.now;
    let end = begin;
    for (let count = 0; count < plan.actions / plan.rounds; count++) {
      end += random.between(0, 2 * plan.actionMs);
      timeline.at(end, () => this.users.act());
    }
    for (let at = begin + plan.faultMs; at < end; at += random.between(0, 2 * plan.faultMs)) {
      timeline.at(at, () => this.faults.strike());
    }
    await this.timeline.run(end, () => this.failure !== undefined);
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
