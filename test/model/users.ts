/** Users of one mode: they do as the actions say, and what each of them sees can be compared with the other mode. */

import { SemaphoreError } from "../../src/errors.js";
import type { AcquireOptions, Acquisition, Semaphore } from "../../src/index.js";
import { abortOf } from "../contract/backend.js";
import { type Action, FLEETING_MS, VALUE } from "./actions.js";
import type { Mode } from "./modes.js";

/** One that asked. */
interface Asker {
  readonly controller: AbortController;
  slot: Acquisition | undefined;
  /** What the promise told, if it did not give a slot. */
  told: string;
}

interface Ask {
  readonly who: number;
  readonly value?: number;
  readonly options: AcquireOptions;
}

type How = (by: Semaphore, options: AcquireOptions) => Promise<Acquisition | null>;

const acquire: How = (by, options) => by.acquire(options);
const tryAcquire: How = (by, options) => by.tryAcquire(options);

/** The same in both modes: without it, memory watches nobody. */
const HEARTBEAT_MS = 15_000;
const REASON = "the caller's reason";

export class Users {
  private readonly askers: Asker[] = [];

  constructor(
    private readonly mode: Mode,
    private readonly name: string,
  ) {}

  /** What the call told that the action is, where it is one that tells something at once. */
  async play(action: Action): Promise<unknown> {
    switch (action.type) {
      case "acquire":
        void this.ask(action, acquire);
        return undefined;
      case "try":
        await this.ask(action, tryAcquire);
        return undefined;
      case "burst":
        for (const { tries, ...ask } of action.burst) {
          void this.ask({ who: action.who, ...ask }, tries ? tryAcquire : acquire);
        }
        return undefined;
      case "hold briefly":
        return this.holdBriefly(action.who);
      case "wait briefly":
        await this.ask({ who: action.who, options: { maxAcquireTimeMs: FLEETING_MS } }, acquire);
        return undefined;
      case "release":
        return this.at(action.whom)?.slot?.release();
      case "release by id": {
        const id = await this.idOf(action.whom);
        return id === undefined ? undefined : this.semaphore(action.who).release(id);
      }
      case "abort":
        this.at(action.whom)?.controller.abort(REASON);
        return undefined;
      case "revoke": {
        const id = await this.idOf(action.whom);
        const { force } = action;
        return id === undefined ? undefined : this.semaphore(action.who).revoke(id, { force });
      }
      case "resize":
        return this.semaphore(action.who).resize(action.value);
      case "close":
        return this.close(action.who);
    }
  }

  /** What leaves nothing behind: first nobody waits any more, so that no release is followed by a grant. */
  endings(): Action[] {
    const youngestFirst = this.askers.toReversed();
    const waiting = youngestFirst.flatMap(({ told, slot }, whom): Action[] =>
      told === "waits" && !slot ? [{ type: "abort", whom }] : [],
    );
    const holding = youngestFirst.flatMap(({ slot }, whom): Action[] =>
      slot && !slot.lost && slot.state !== "released" ? [{ type: "release", whom }] : [],
    );
    return [...waiting, ...holding];
  }

  /** All that can be seen now, line by line. */
  async seen(): Promise<string[]> {
    const semaphore = this.semaphore(0);
    const [stats, locked] = [await semaphore.stats(), await semaphore.locked()];
    const [holders, waiters] = [await semaphore.holders(), await semaphore.waiters()];
    return [
      ...(await this.mode.history(this.name)),
      ...this.askers.map((asker, index) => `${index}: ${outcomeOf(asker)}`),
      `stats: ${JSON.stringify({ ...stats, locked })}`,
      ...holders.map(
        ({ slotNumber, revoked, metadata }) =>
          `holds slot ${slotNumber}, revoked ${revoked}: ${metadata.index}`,
      ),
      ...waiters.map(({ position, metadata }) => `waits at ${position}: ${metadata.index}`),
    ];
  }

  private async holdBriefly(who: number): Promise<void> {
    const asker = await this.ask({ who, options: { ttlMs: FLEETING_MS } }, tryAcquire);
    if (asker.slot) await abortOf(asker.slot.signal);
  }

  private async close(who: number): Promise<void> {
    await this.mode.leave(who);
    this.mode.arrive(who);
  }

  /** Resolves when the promise is settled. */
  private async ask({ who, value = VALUE, options }: Ask, how: How): Promise<Asker> {
    const asker: Asker = { controller: new AbortController(), slot: undefined, told: "waits" };
    this.askers.push(asker);
    const metadata = { index: String(this.askers.length - 1) };
    const { signal } = asker.controller;
    try {
      const terms = { heartbeatMaxIntervalMs: HEARTBEAT_MS, ...options, metadata, signal };
      asker.slot = (await how(this.semaphore(who, value), terms)) ?? undefined;
      asker.told = "nothing";
    } catch (error) {
      asker.told = describeFailure(error);
    }
    return asker;
  }

  private semaphore(who: number, value = VALUE): Semaphore {
    const coordinator = this.mode.coordinators[who];
    if (coordinator === undefined) throw new Error(`there is no user ${who}`);
    return coordinator.semaphore({ name: this.name, value });
  }

  private async idOf(whom: number): Promise<string | undefined> {
    const asker = this.at(whom);
    if (asker === undefined || asker.slot) return asker?.slot?.id;
    const index = String(this.askers.indexOf(asker));
    const waiters = await this.semaphore(0).waiters();
    return waiters.find(({ metadata }) => metadata.index === index)?.id;
  }

  private at(whom: number): Asker | undefined {
    return this.askers[this.askers.length - 1 - whom];
  }
}

function outcomeOf({ slot, told }: Asker): string {
  if (slot === undefined) return told;
  const number = `slot ${slot.slotNumber}`;
  if (slot.lost) return `${number}, lost: ${slot.lost.reason}, aborted: ${slot.signal.aborted}`;
  return slot.state === "released" ? `${number}, released` : number;
}

/** How long it waited is told by a timeout, and differs; what it knew of others depends on who noticed it. */
function describeFailure(error: unknown): string {
  if (!(error instanceof SemaphoreError)) return String(error);
  const { name, code, message } = error;
  return code === "ACQUIRE_TIMEOUT" ? `${name} ${code}` : `${name} ${code}: ${message}`;
}
