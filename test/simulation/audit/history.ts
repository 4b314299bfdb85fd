/**
 * Reads the history as it grows and decides everything anew: the same commands must give the same
 * events, the events the same state, and the stored records must be that state. A witness watches.
 */

import { createHash } from "node:crypto";
import { type Command, TICK } from "../../../src/core/command.js";
import { describeEvent } from "../../../src/core/describe.js";
import type {
  Event,
  ExpiredEvent,
  GrantedEvent,
  ReassertedEvent,
  ReleasedEvent,
} from "../../../src/core/event.js";
import { Witness } from "../../../src/core/invariants.js";
import { restore, snapshot } from "../../../src/core/snapshot.js";
import { State } from "../../../src/core/state.js";
import { fold, step } from "../../../src/core/step.js";
import { demand } from "../failure.js";
import type { Data, HistoryRecord } from "../redis/data.js";
import { storedSnapshot } from "../redis/scripts.js";
import { partsOf } from "../redis/stream.js";

type Recorded =
  | readonly [id: string, command: Command]
  | readonly [
      id: string,
      session: string,
      number: number,
      seen: number,
      commands: readonly Command[],
    ];

/** Somebody holds a slot from here on, or goes on to hold it. */
export type HoldEvent = GrantedEvent | ReassertedEvent;

export type HoldEnd = ReleasedEvent | ExpiredEvent;

/** So many acquisitions take long to compare. */
const MUCH = 4;

export class HistoryAudit {
  readonly grants = new Map<string, HoldEvent>();
  /** How what was held ended. */
  readonly ends = new Map<string, HoldEnd>();
  /** Ids of the entries that were decided. */
  readonly decided = new Set<string>();
  state = new State();
  private folded = new State();
  private readonly witness = new Witness();
  private followed = 0;
  private head = "";
  private epoch = 0;
  /** Commits since the last comparison. */
  private uncompared = 0;

  constructor(public note: (line: string) => void) {}

  /** Reads what is new. */
  follow(history: readonly HistoryRecord[]): Event[] {
    const news = history.slice(this.followed).flatMap((record) => this.read(record));
    this.followed = history.length;
    return news;
  }

  /** Compares now and then where there is much to compare, and always where there is little. */
  compareOften(data: Data): void {
    const dueIn = this.state.acquisitions.size / MUCH;
    if (++this.uncompared > dueIn) this.compare(data);
  }

  /** Checks that the stored records are what the history says. */
  compare(data: Data): void {
    this.uncompared = 0;
    const bytes = bytesOf(this.state);
    demand(10, bytesOf(this.folded) === bytes, () => "the fold of the events differs");
    const { meta } = data;
    if (meta === undefined) return;
    const stored = bytesOf(restore(storedSnapshot(data, meta)));
    demand(10, stored === bytes, () => `stored: ${stored}\nbut it should be: ${bytes}`);
    demand(10, meta.head === this.head, () => "meta has another head than the history");
    for (const kind of ["semaphores", "acquisitions", "sessions"] as const) {
      const size = data[kind].size;
      demand(10, meta[kind] === size, () => `${size} ${kind}, but ${meta[kind]} are counted`);
    }
  }

  private read(record: HistoryRecord): Event[] {
    const { seq, epoch, commands, events, hash } = record;
    demand(9, epoch >= this.epoch, () => `epoch ${epoch} wrote after epoch ${this.epoch}`);
    this.epoch = epoch;
    const text = [this.head, seq, epoch, commands, events].join("\n");
    this.head = createHash("sha256").update(text).digest("hex");
    demand(10, hash === this.head, () => `the hash of #${seq} is wrong`);
    demand(10, seq === this.state.seq + 1, () => `#${seq} follows #${this.state.seq}`);
    const recorded: Event[] = JSON.parse(events);
    for (const event of recorded) this.remember(event);
    const decided = this.decide(JSON.parse(commands));
    const again = JSON.stringify(decided);
    demand(10, again === events, () => `the same commands give ${again}, not ${events}`);
    fold(this.folded, recorded);
    return recorded;
  }

  private decide(recorded: readonly Recorded[]): Event[] {
    return recorded.flatMap((entry) => {
      const [id] = entry;
      this.decided.add(id);
      return commandsOf(entry).flatMap((command) => this.step(command, partsOf(id)[0]));
    });
  }

  private step(command: Command, at: number): Event[] {
    const events = step(this.state, command, Math.max(at, this.state.at));
    this.witness.observe(command, events, this.state);
    return events;
  }

  private remember(event: Event): void {
    this.note(`#${event.seq} ${describeEvent(event)}`);
    if (event.type === "granted" || event.type === "reasserted") {
      this.grants.set(event.acquisition, event);
      this.ends.delete(event.acquisition);
    }
    if (event.type === "released" || event.type === "expired") {
      this.ends.set(event.acquisition, event);
    }
  }
}

function commandsOf(recorded: Recorded): readonly Command[] {
  if (recorded.length === 2) return recorded[1].type === "tick" ? [TICK] : [recorded[1]];
  const [, session, number, , commands] = recorded;
  return commands.map((command, index) => ({ ...command, session, number: number + index }));
}

function bytesOf(state: State): string {
  return JSON.stringify(snapshot(state));
}
