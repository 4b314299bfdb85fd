/** The real semaphore, driven and observed so that it can be compared with the model (`memory-model.ts`). */

import type { AcquireOptions, Acquisition, Coordinator, Semaphore } from "../../src/index.js";
import { all } from "../contract/backend.js";
import { Fleet } from "./memory-fleet.js";
import type { Asked } from "./memory-model.js";
import { turn } from "./memory-promises.js";

interface Entry {
  readonly controller: AbortController;
  slot: Acquisition | undefined;
  /** What the promise told, if it did not give a slot. */
  told: string;
}

const CANCELLED = "the caller's reason";

export class Reality {
  private readonly fleet = Fleet.simulated();
  private readonly coordinators: Coordinator[];
  private readonly semaphores: Semaphore[];
  private readonly entries: Entry[] = [];

  constructor(value: number, sessions: number) {
    this.coordinators = Array.from({ length: sessions }, () => this.fleet.coordinator());
    this.semaphores = this.coordinators.map((of) => of.semaphore({ name: "api", value }));
  }

  get outcomes(): string[] {
    return this.entries.map(({ slot, told }) => {
      if (slot === undefined) return told;
      const number = `slot ${slot.slotNumber}`;
      if (slot.signal.aborted) return `${number}, lost: ${slot.signal.reason.reason}`;
      return slot.state === "held" || slot.state === "heartbeating"
        ? number
        : `${number}, ${slot.state}`;
    });
  }

  acquire(who: number, asked: Asked): void {
    const entry = this.entry();
    this.by(who)
      .acquire(this.options(entry, asked))
      .then(
        (slot) => {
          entry.slot = slot;
        },
        (reason) => {
          entry.told = reason instanceof Error ? reason.name : String(reason);
        },
      );
  }

  tryAcquire(who: number, asked: Asked): void {
    const entry = this.entry();
    void this.by(who)
      .tryAcquire(this.options(entry, asked))
      .then((slot) => {
        entry.slot = slot ?? undefined;
        entry.told = "nothing";
      });
  }

  /** By its own hand, or by its id from any session; `undefined` if there is no id to name it by. */
  async release(index: number, who: number, byId: boolean): Promise<boolean | undefined> {
    const { slot } = this.at(index);
    if (slot && !byId) return slot.release();
    const id = await this.idOf(index);
    return id === undefined ? undefined : this.by(who).release(id);
  }

  cancel(index: number): void {
    this.at(index).controller.abort(CANCELLED);
  }

  async revoke(index: number, who: number, force: boolean): Promise<boolean | undefined> {
    const id = await this.idOf(index);
    return id === undefined ? undefined : this.by(who).revoke(id, { force });
  }

  resize(who: number, value: number): Promise<boolean> {
    return this.by(who).resize(value);
  }

  advance(ms: number): void {
    this.fleet.clock.advance(ms);
  }

  /** All that was caused has happened. */
  settled(): Promise<void> {
    return turn();
  }

  async views() {
    const semaphore = this.by(0);
    const [holders, waiters] = [await semaphore.holders(), await semaphore.waiters()];
    return {
      stats: await semaphore.stats(),
      locked: await semaphore.locked(),
      holders: holders.map(({ id }) => this.entries.findIndex(({ slot }) => slot?.id === id)),
      queue: waiters.map(({ metadata }) => Number(metadata.index)),
    };
  }

  /** The fencing tokens of all grants, in order. */
  async tokens(): Promise<number[]> {
    const events = await all(this.by(0).history());
    return events.flatMap((event) => (event.type === "granted" ? event.token : []));
  }

  private async idOf(index: number): Promise<string | undefined> {
    const { slot } = this.at(index);
    if (slot) return slot.id;
    const waiters = await this.by(0).waiters();
    return waiters.find(({ metadata }) => metadata.index === String(index))?.id;
  }

  private options({ controller: { signal } }: Entry, asked: Asked): AcquireOptions {
    // The last of them is the one that asks.
    return { ...asked, signal, metadata: { index: String(this.entries.length - 1) } };
  }

  private entry(): Entry {
    const entry = { controller: new AbortController(), slot: undefined, told: "waits" };
    this.entries.push(entry);
    return entry;
  }

  private at(index: number): Entry {
    const entry = this.entries[index];
    if (entry === undefined) throw new Error(`nobody is number ${index}`);
    return entry;
  }

  private by(who: number): Semaphore {
    const semaphore = this.semaphores[who];
    if (semaphore === undefined) throw new Error(`there is no session ${who}`);
    return semaphore;
  }
}
