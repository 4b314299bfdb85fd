/** The slots of each semaphore and its queue, as the events tell them: who may be granted which slot, and when. */

import { describeState } from "../describe.js";
import type {
  DeclaredEvent,
  GrantedEvent,
  QueuedEvent,
  ReassertedEvent,
  ResizedEvent,
} from "../event.js";
import type { SemaphoreRecord, State } from "../state.js";
import { check, type Line } from "./check.js";
import type { WitnessedLife } from "./lives.js";

interface WitnessedSemaphore {
  declared: number;
  effective: number;
  /** Ids in order of the log. */
  readonly waiting: Set<string>;
  /** Ids by slot. */
  readonly held: Map<number, string>;
}

export class WitnessedSlots {
  /** The last fencing token. */
  private token = 0;
  private readonly semaphores = new Map<string, WitnessedSemaphore>();

  queued({ semaphore, value, acquisition }: QueuedEvent): void {
    this.semaphore(semaphore, value).waiting.add(acquisition);
  }

  granted({ semaphore, acquisition, slot, token }: GrantedEvent, line: Line): void {
    const { held, effective, waiting } = this.semaphore(semaphore, 0);
    check(1, held.size < effective, () => `${line()}: ${held.size} of ${effective} are held`);
    check(2, slot < effective, () => `${line()}: there are ${effective} slots`);
    check(2, !held.has(slot), () => `${line()}: ${held.get(slot)} holds it`);
    check(2, slot === lowestFree(held), () => `${line()}: a lower slot is free`);
    check(3, token > this.token, () => `${line()}: the last token was ${this.token}`);
    const [head] = waiting;
    check(6, head === acquisition, () => `${line()}: ${head} was first in the queue`);
    this.token = token;
    waiting.delete(acquisition);
    held.set(slot, acquisition);
  }

  /** Whatever its size is now: the slot was granted once, and is not somebody else's. */
  reasserted({ semaphore, value, acquisition, slot, token }: ReassertedEvent, line: Line): void {
    const { held, waiting } = this.semaphore(semaphore, value);
    const holder = held.get(slot) ?? acquisition;
    check(2, holder === acquisition, () => `${line()}: ${holder} holds it`);
    this.token = Math.max(this.token, token);
    waiting.delete(acquisition);
    held.set(slot, acquisition);
  }

  /** It waits and holds no more. */
  ended({ queued, grant }: WitnessedLife): void {
    const { semaphore, acquisition } = queued;
    const { waiting, held } = this.semaphore(semaphore, 0);
    waiting.delete(acquisition);
    if (grant) held.delete(grant.slot);
  }

  declared({ semaphore: name, value }: DeclaredEvent): void {
    const semaphore = this.semaphore(name, value);
    if (semaphore.effective === semaphore.declared) semaphore.effective = value;
    semaphore.declared = value;
  }

  resized({ semaphore, declared, effective }: ResizedEvent): void {
    this.semaphore(semaphore, declared).effective = effective;
  }

  swept(name: string, line: Line): void {
    const semaphore = this.semaphores.get(name);
    const used = semaphore && semaphore.held.size + semaphore.waiting.size > 0;
    check(7, !used, () => `${line()}: ${name} was in use`);
    this.semaphores.delete(name);
  }

  nobodyWaitsBesideAFreeSlot(): void {
    for (const [name, { held, effective, waiting }] of this.semaphores) {
      const stuck = waiting.size > 0 && held.size < effective;
      const fill = `${held.size} of ${effective} held`;
      check(11, !stuck, () => `${name}: ${fill}, but ${waiting.size} wait`);
    }
  }

  /** The semaphores, slots and queues of the state are those that the events made. */
  agreeWith(state: State): void {
    const { semaphores } = state;
    const isSame =
      semaphores.size === this.semaphores.size &&
      [...semaphores.values()].every((record) => this.isSame(record));
    check(10, isSame, () => `${describeState(state)} is not ${this.describe()}`);
    for (const { name, slots } of semaphores.values()) {
      const free = lowestFree(this.semaphore(name, 0).held);
      check(2, slots.lowestFree() === free, () => `${name}: slot ${free} is free`);
    }
  }

  private isSame({ name, declared, effective, holders, queue }: SemaphoreRecord): boolean {
    const told = this.semaphores.get(name);
    return (
      told?.declared === declared &&
      told.effective === effective &&
      told.held.size === holders.size &&
      [...holders].every(({ id, grant }) => grant && told.held.get(grant.slot) === id) &&
      isSameQueue(told.waiting, queue)
    );
  }

  private describe(): string {
    const told = [...this.semaphores].map(([name, { declared, effective, held, waiting }]) => {
      return [name, declared, effective, [...held], [...waiting]];
    });
    return JSON.stringify(told.sort());
  }

  private semaphore(name: string, value: number): WitnessedSemaphore {
    const known = this.semaphores.get(name);
    if (known) return known;
    const semaphore = {
      declared: value,
      effective: value,
      waiting: new Set<string>(),
      held: new Map<number, string>(),
    };
    this.semaphores.set(name, semaphore);
    return semaphore;
  }
}

function isSameQueue(
  waiting: ReadonlySet<string>,
  queue: Iterable<{ readonly id: string }>,
): boolean {
  const told = waiting.values();
  for (const { id } of queue) if (told.next().value !== id) return false;
  return told.next().done === true;
}

function lowestFree(held: ReadonlyMap<number, string>): number {
  let slot = 0;
  while (held.has(slot)) slot++;
  return slot;
}
