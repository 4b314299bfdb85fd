/** What users do, by chance: they acquire, hold, release, lose patience, interfere with others. */

import type { Terms } from "../../src/core/command.js";
import { ProtocolError } from "../../src/errors.js";
import type { AcquireRequest } from "../../src/session/acquisition.js";
import type { LiveAcquisition } from "../../src/session/live-acquisition.js";
import type { Hold } from "./audit/holds.js";
import type { SemaphorePlan } from "./plan.js";
import type { Life } from "./process/life.js";
import { ABORTED } from "./promises.js";
import type { Random } from "./random.js";
import type { World } from "./world.js";

const RETRY_MS = 500;

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

/** The share of actions that come in the middle of what a process does. */
const IN_THE_MIDDLE = 0.25;

export class Users {
  /** Nobody does anything more that was planned while there were faults. */
  areCalm = false;
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
    if (!this.random.chance(IN_THE_MIDDLE)) {
      this.perform(action, life);
      return;
    }
    life.host.ambush(this.random.whole(1, 10), this.random.whole(0, 12), () => {
      const mayAct = !this.areCalm && life.host.state === "running" && !life.closing;
      if (mayAct) this.perform(action, life);
    });
  }

  private perform(action: keyof typeof ACTIONS, life: Life): void {
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
        this.resize(life, semaphore, this.random.whole(0, semaphore.value + 1));
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
    const heartbeatMaxIntervalMs = Math.max(...life.heartbeatMs);
    // Somebody else may have made it of another size.
    const request = requestOf(semaphore, { heartbeatMaxIntervalMs, onValueMismatch: "adopt" });
    const slots = Promise.all(Array.from({ length: count }, () => life.session.acquire(request)));
    this.wanted.add(what);
    this.world.track(life, what, slots, (all) => {
      this.wanted.delete(what);
      for (const slot of all) this.hold(life, slot, 10);
    });
    slots.catch((reason) => {
      // The data was refused, and the process has not looked again since it was mended.
      if (reason instanceof ProtocolError)
        life.after(RETRY_MS, () => this.want(life, semaphore, count));
    });
  }

  private acquire(life: Life): void {
    const { semaphores, burst, longestHoldMs } = this.world.plan;
    const semaphore = this.believed(this.random.pick(semaphores));
    for (let count = this.random.whole(1, burst); count > 0; count--) {
      this.begin(life, semaphore, this.terms(life), this.random.between(0, longestHoldMs));
    }
  }

  /** As somebody believes it to be, who may be wrong. */
  private believed(semaphore: SemaphorePlan): SemaphorePlan {
    if (!this.random.chance(this.world.plan.mismatch)) return semaphore;
    return { ...semaphore, value: semaphore.value + this.random.whole(1, 2) };
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
    const hold = this.world.holds.begin(slot, life);
    life.holds.add(hold);
    this.world.note(`${life.name} holds ${slot.id}`);
    life.after(holdMs, () => this.release(life, hold, slot));
    slot.signal.addEventListener("abort", () => {
      this.world.note(`${life.name} lost ${slot.id}: ${slot.lost?.reason}`);
      this.world.sightings.lost(slot.id, slot.lost?.reason, this.world.auditor.history);
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
      onValueMismatch: random.chance(0.3) ? random.pick(["adopt", "reject"] as const) : undefined,
      metadata: random.chance(0.1) ? { host: life.name, note: 'a "line"\n' } : undefined,
    };
  }
}

function requestOf({ name, value }: SemaphorePlan, terms: Terms): AcquireRequest {
  return { semaphore: name, value, terms };
}
