/**
 * A partition under watch: a state, a simulated clock and a witness. It numbers the commands of
 * each session as an outbox would. After every step the invariants are checked, and a second state,
 * which is reloaded from its snapshot each time, must have decided the same.
 */

import { strictEqual } from "node:assert";
import {
  type Command,
  type LeaderCommand,
  type SessionCommand,
  TICK,
} from "../../src/core/command.js";
import {
  describeCommand,
  describeEvent,
  describeState,
  duration,
} from "../../src/core/describe.js";
import type { Event } from "../../src/core/event.js";
import { Witness } from "../../src/core/invariants.js";
import { restore, snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { fold, step } from "../../src/core/step.js";
import type { Ask } from "./commands.js";

export interface Entry {
  readonly command: Command;
  readonly at: number;
}

export class Partition {
  /** Log time of the next command. */
  now = 0;
  state = new State();
  readonly commands: Entry[] = [];
  readonly events: Event[] = [];
  readonly witness = new Witness();
  private reloaded = new State();
  private readonly acknowledged = new Map<string, number>();

  /** The next command comes at this log time. */
  at(ms: number): this {
    this.now = ms;
    return this;
  }

  /** The next command comes so much later. */
  after(ms: number): this {
    return this.at(this.now + ms);
  }

  /** What happened before the part that a test is about. */
  given(...asks: Ask[]): this {
    for (const ask of asks) this.ask(ask);
    return this;
  }

  /** Sends the command, with its session's next number or the given one; what followed, line by line. */
  when(ask: Ask, number?: number): string[] {
    return this.ask(ask, number).map(describeEvent);
  }

  /** Time passes; what followed, line by line. */
  tick(): string[] {
    return this.apply(TICK).map(describeEvent);
  }

  /** The leader's own command; what followed, line by line. */
  lead(command: LeaderCommand): string[] {
    return this.apply(command).map(describeEvent);
  }

  ask(ask: Ask, number?: number): Event[] {
    const command = this.numbered(ask, number);
    const events = this.apply(command);
    const refused = events.some(({ type }) => type === "refused");
    if (!refused) this.acknowledged.set(ask.session, command.number);
    return events;
  }

  /** The command under its session's next number, or the given one. */
  numbered(ask: Ask, number?: number): SessionCommand {
    return { ...ask, number: number ?? (this.acknowledged.get(ask.session) ?? 0) + 1 };
  }

  apply(command: Command): Event[] {
    this.commands.push({ command, at: this.now });
    try {
      const events = step(this.state, command, this.now);
      this.events.push(...events);
      this.witness.observe(command, events, this.state);
      this.compareWithReloaded(command, events);
      return events;
    } catch (cause) {
      throw new Error(`${String(cause)}\n\nAs a trace:\n\n${this.trace()}\n`, { cause });
    }
  }

  /** Goes on with a state that was written down and read back. */
  reload(): void {
    this.state = restore(JSON.parse(this.bytes()));
  }

  /** All of the state, as the bytes that would be stored. */
  bytes(): string {
    return bytesOf(this.state);
  }

  /** The state is the fold of its commands, and equally of its events. */
  checkFolds(): void {
    strictEqual(bytesOf(fold(new State(), this.events)), this.bytes(), "fold(events) differs");
    const again = new State();
    const events = this.commands.flatMap(({ command, at }) => step(again, command, at));
    strictEqual(bytesOf(again), this.bytes(), "fold(commands) differs");
    strictEqual(JSON.stringify(events), JSON.stringify(this.events), "the same commands differ");
    const restored = restore(JSON.parse(this.bytes()));
    strictEqual(describeState(restored), describeState(this.state), "a restored state reads else");
  }

  /** All commands so far, as test/traces writes them. */
  trace(): string {
    let clock = 0;
    const lines = this.commands.flatMap(({ command, at }) => {
      const passed = at === clock ? [] : [`at ${duration(at)}`];
      clock = at;
      return [...passed, describeCommand(command)];
    });
    return lines.join("\n");
  }

  /** A state that is written down and read back after every step decides the same, and stays the same. */
  private compareWithReloaded(command: Command, events: Event[]): void {
    const followed = step(this.reloaded, command, this.now);
    strictEqual(JSON.stringify(followed), JSON.stringify(events), "a reloaded state differs");
    const bytes = this.bytes();
    this.reloaded = restore(JSON.parse(bytes));
    strictEqual(bytesOf(this.reloaded), bytes, "a reloaded snapshot differs");
  }
}

export function bytesOf(state: State): string {
  return JSON.stringify(snapshot(state));
}
