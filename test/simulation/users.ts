/** What users do, by chance: they acquire, hold, release, lose patience, interfere with others. */

import type { Terms } from "../../src/core/command.js";
import type { AcquireRequest } from "../../src/session/acquisition.js";
import type { LiveAcquisition } from "../../src/session/live-acquisition.js";
import type { Hold } from "./audit/holds.js";
import type { SemaphorePlan } from "./plan.js";
import type { Life } from "./process/life.js";
import { ABORTED } from "./promises.js";
import type { Random } from "./random.js";
import type { World } from "./world.js";

const ACTIONS = {
  acquire: 14,
  tryAcquire: 3,
  release: 3,
  "release by id": 1,
  abort: 2,
  revoke: 0.7,
  "revoke by force": 0.4,
  resize: 0.7,
  close: 0.3,
};

export class Users {
  /** What somebody must get, and has not got yet. */
  private readonly wanted = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  /** One of them does something, in a process that runs. */
  act(): void {
    const life = this.random.pickAny(this.world.runningClients());
    if (life === undefined) return;
    const action = this.random.weighted(ACTIONS);
    switch (action) {
      case "acquire":
        this.acquire(life);
        return;
      case "tryAcquire":
        this.tryAcquire(life);
        return;
      case "release":
        this.releaseSome(life);
        return;
      case "release by id":
        this.byId(life, action, (id) => this.releaseById(life, id));
        return;
      case "abort":
        this.random.pickAny([...life.waits])?.abort(ABORTED);
        return;
      case "revoke":
        this.byId(life, action, (id) => life.session.revoke(id, false));
        return;
      case "revoke by force":
        this.byId(life, action, (id) => life.session.revoke(id, true));
        return;
      case "resize": {
        const semaphore = this.random.pick(this.world.plan.semaphores);
        this.resize(life, semaphore, this.random.whole(0, 4));
        return;
      }
      case "close":
        this.world.closeForGood(life);
        return;
    }
  }

  /** What was asked for by `probe` and `fill`, and is not there yet. */
  get missing(): readonly string[] {
    return [...this.wanted];
  }

  /** A process shows that it still gets what it asks for. */
  probe(life: Life): void {
    for (const semaphore of this.world.plan.semaphores) this.want(life, semaphore, 1);
  }

  /** A process shows that all slots can be had at the same time. */
  fill(life: Life): void {
    for (const semaphore of this.world.plan.semaphores) this.want(life, semaphore, semaphore.value);
  }

  resize(life: Life, { name, value }: SemaphorePlan, to: number): void {
    const what = `resize ${name} to ${to}`;
    this.world.track(life, what, life.session.resize(name, value, to), () => {});
  }

  /** Acquires so many slots, and gives them back once it has them all. */
  private want(life: Life, semaphore: SemaphorePlan, count: number): void {
    const what = `${life.name}: ${count} of ${semaphore.name}`;
    const request = requestOf(semaphore, { heartbeatMaxIntervalMs: Math.max(...life.heartbeatMs) });
    const slots = Array.from({ length: count }, () => life.session.acquire(request));
    this.wanted.add(what);
    this.world.track(life, what, Promise.all(slots), (all) => {
      this.wanted.delete(what);
      for (const slot of all) this.hold(life, slot, 10);
    });
  }

  private acquire(life: Life): void {
    const holdMs = this.random.between(0, this.world.plan.longestHoldMs);
    this.begin(life, this.random.pick(this.world.plan.semaphores), this.terms(life), holdMs);
  }

  private begin(life: Life, semaphore: SemaphorePlan, terms: Terms, holdMs: number): void {
    const controller = new AbortController();
    const promise = life.session.acquire(requestOf(semaphore, terms), controller.signal);
    life.waits.add(controller);
    const done = () => life.waits.delete(controller);
    promise.then(done, done);
    this.world.track(life, `acquire ${semaphore.name} ${JSON.stringify(terms)}`, promise, (slot) =>
      this.hold(life, slot, holdMs),
    );
  }

  private tryAcquire(life: Life): void {
    const semaphore = this.random.pick(this.world.plan.semaphores);
    const { heartbeatMaxIntervalMs } = this.terms(life);
    const request = requestOf(semaphore, { heartbeatMaxIntervalMs, noWait: true });
    const holdMs = this.random.between(0, this.world.plan.longestHoldMs);
    const promise = life.session.tryAcquire(request);
    this.world.track(life, `tryAcquire ${semaphore.name}`, promise, (slot) => {
      if (slot) this.hold(life, slot, holdMs);
    });
  }

  private hold(life: Life, slot: LiveAcquisition, holdMs: number): void {
    const hold = this.world.holds.begin(slot, life.host, this.world.auditor.history);
    life.holds.add(hold);
    this.world.note(`${life.name} holds ${slot.id}`);
    life.after(holdMs, () => this.release(life, hold, slot));
    slot.signal.addEventListener("abort", () => {
      this.world.note(`${life.name} lost ${slot.id}: ${slot.lost?.reason}`);
    });
  }

  private releaseSome(life: Life): void {
    const hold = this.random.pickAny([...life.holds]);
    if (hold) this.release(life, hold, hold.slot);
  }

  private release(life: Life, hold: Hold, slot: Hold["slot"]): void {
    if (hold.givenBack) return;
    hold.givenBack = true;
    life.holds.delete(hold);
    this.world.note(`${life.name} releases ${slot.id}`);
    this.world.track(life, `release ${slot.id}`, slot.release(), (released) =>
      this.world.holds.released(slot.id, released, this.world.auditor.history),
    );
  }

  private releaseById(life: Life, id: string): Promise<boolean> {
    for (const hold of life.holds) if (hold.slot.id === id) hold.givenBack = true;
    return life.session.release(id);
  }

  private byId(life: Life, action: string, act: (id: string) => Promise<boolean>): void {
    const id = this.random.pickAny(this.world.liveIds());
    if (id === undefined) return;
    this.world.note(`${life.name}: ${action} ${id}`);
    this.world.track(life, `${action} ${id}`, act(id), () => {});
  }

  private terms(life: Life): Terms {
    const { random } = this;
    return {
      heartbeatMaxIntervalMs: random.pick(life.heartbeatMs),
      ttlMs: random.chance(0.3) ? random.whole(50, 3000) : undefined,
      maxAcquireTimeMs: random.chance(0.4) ? random.whole(10, 5000) : undefined,
      maxQueueSize: random.chance(0.1) ? random.whole(0, 3) : undefined,
    };
  }
}

function requestOf({ name, value }: SemaphorePlan, terms: Terms): AcquireRequest {
  return { semaphore: name, value, terms };
}
