/**
 * Reads the history as it grows and decides everything anew: the same commands must give the same
 * events, the events the same state, and the stored records must be that state. A witness watches.
 */

import { createHash } from "node:crypto";
import { type Command, type ReassertCommand, TICK } from "../../../src/core/command.js";
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
import { type AcquisitionRecord, State } from "../../../src/core/state.js";
import { fold, step } from "../../../src/core/step.js";
import type { Message } from "../../../src/ports.js";
import { checks, demand } from "../failure.js";
import { type Data, type HistoryRecord, RECORDS } from "../redis/data.js";
import { storedSnapshot } from "../redis/scripts.js";
import { partsOf } from "../redis/stream.js";
import { Archive } from "./archive.js";
import { KeptAudit } from "./kept.js";
import { Losses } from "./losses.js";

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
  private readonly kept = new KeptAudit();
  /** By `seq`, as they are stored. */
  private readonly texts = new Map<number, string>();
  /** Messages that were found to be as they should be. */
  private readonly knownMessages = new Set<string>();
  private head = "";
  private epoch = 0;
  /** For so long somebody may hold a slot without being heard, as the acquires said. */
  private longestSilenceMs = 0;
  /** Commits since the last comparison. */
  private uncompared = 0;

  constructor(
    public note: (line: string) => void,
    readonly losses = new Losses(),
    private readonly archive = new Archive(),
  ) {}

  /** Reads what is new. The oldest may have been trimmed, but nothing may be missing in between. */
  follow(history: readonly HistoryRecord[]): Event[] {
    const last = history.findLastIndex(({ hash }) => hash === this.head);
    return history.slice(last + 1).flatMap((record) => this.read(record));
  }

  /** What it would know if it had read only what led to this data, which may have lost the rest. */
  rewoundTo(data: Data): HistoryAudit {
    const head = data.meta?.head ?? data.history.at(-1)?.hash ?? "";
    const path = this.archive.pathTo(head);
    const rewound = new HistoryAudit(() => {}, this.losses, this.archive);
    rewound.follow(path);
    this.losses.rewind();
    const kept = path.slice(path.length - data.history.length);
    const isWhole = data.history.every(({ hash }, index) => hash === kept[index]?.hash);
    demand(12, isWhole, () => "the history has a gap");
    return rewound;
  }

  /** Compares now and then where there is much to compare, and always where there is little. */
  compareOften(data: Data): void {
    const dueIn = this.state.acquisitions.size / MUCH;
    if (++this.uncompared > dueIn) this.compare(data);
  }

  /** Checks that the stored records are what the history says. @param isLast nothing comes after it */
  compare(data: Data, isLast = false): void {
    this.uncompared = 0;
    const bytes = bytesOf(this.state);
    demand(10, bytesOf(this.folded) === bytes, () => "the fold of the events differs");
    const { meta } = data;
    if (meta === undefined || whatIsWrongWith(data) !== undefined) return;
    const expected = snapshot(this.state);
    const patched = this.losses.patch(storedSnapshot(data, meta), data, expected);
    const stored = bytesOf(restore(patched));
    demand(10, stored === bytes, () => `stored: ${stored}\nbut it should be: ${bytes}`);
    demand(10, meta.head === this.head, () => "meta has another head than the history");
    this.pausesLongEnough(meta.pauseMs);
    for (const kind of RECORDS) {
      const size = data[kind].size + this.losses.countOf(kind, data, expected);
      demand(10, meta[kind] === size, () => `${size} ${kind}, but ${meta[kind]} are counted`);
    }
    this.compareTold(data);
    this.kept.compare(data, bytes, isLast);
  }

  /** Whatever is kept for a session is what the history says. */
  private compareTold({ told }: Data): void {
    for (const [key, text] of told) {
      if (!key.includes("\n") || this.knownMessages.has(key)) continue;
      this.knownMessages.add(key);
      const { events }: Message = JSON.parse(text);
      const isTrue = events.every((event) => this.texts.get(event.seq) === JSON.stringify(event));
      demand(13, isTrue, () => `a message tells what the history does not say: ${text}`);
    }
  }

  private read(record: HistoryRecord): Event[] {
    const { seq, epoch, commands, events, hash, state } = record;
    demand(9, epoch >= this.epoch, () => `epoch ${epoch} wrote after epoch ${this.epoch}`);
    this.epoch = epoch;
    demand(12, seq <= this.state.seq + 1, () => `a gap: #${seq} follows #${this.state.seq}`);
    const before = this.head;
    const lines = [before, seq, epoch, commands, events, ...(state === undefined ? [] : [state])];
    this.head = createHash("sha256").update(lines.join("\n")).digest("hex");
    demand(10, hash === this.head, () => `the hash of #${seq} is wrong`);
    demand(10, seq === this.state.seq + 1, () => `#${seq} follows #${this.state.seq}`);
    const recorded: Event[] = JSON.parse(events);
    for (const event of recorded) this.remember(event);
    const decided = this.decide(JSON.parse(commands));
    const again = JSON.stringify(decided);
    demand(10, again === events, () => `the same commands give ${again}, not ${events}`);
    fold(this.folded, recorded);
    if (state !== undefined) this.readCheckpoint(record, before, state);
    this.archive.add(record, before);
    for (const event of recorded) this.texts.set(event.seq, JSON.stringify(event));
    return recorded;
  }

  private readCheckpoint({ id, previous }: HistoryRecord, before: string, state: string): void {
    demand(10, previous === before, () => `checkpoint ${id} says that it follows another entry`);
    const expected = bytesOf(this.folded);
    demand(10, state === expected, () => `checkpoint ${id}: ${state}\nnot: ${expected}`);
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
    checks.add("witness");
    this.witness.observe(command, events, this.state);
    if (command.type === "reassert") this.justified(command, events);
    return events;
  }

  /** Who hears that somebody got his slot later is told the truth. */
  private justified({ semaphore, slot, token, acquisition }: ReassertCommand, events: Event[]) {
    if (!events.some((event) => event.type === "ignored" && event.reason === "superseded")) return;
    const isRival = ({ id, semaphore: { name }, grant }: AcquisitionRecord) => {
      const isSame = id === acquisition || (name === semaphore && grant?.slot === slot);
      return isSame && grant !== undefined && grant.token > token;
    };
    const isTrue = [...this.state.acquisitions.values()].some(isRival);
    demand(4, isTrue, () => `${acquisition} was superseded, but nobody got its slot later`);
  }

  private pausesLongEnough(pauseMs: number): void {
    const { longestSilenceMs } = this;
    const isEnough = pauseMs >= longestSilenceMs;
    demand(
      1,
      isEnough,
      () => `grants pause for ${pauseMs} ms, silence may last ${longestSilenceMs}`,
    );
  }

  private remember(event: Event): void {
    this.note(`#${event.seq} ${describeEvent(event)}`);
    if (event.type === "restarted") this.pausesLongEnough(event.pausedUntil - event.at);
    if (event.type === "queued" || event.type === "reasserted") {
      const { heartbeatMaxIntervalMs = 0 } = event.terms;
      this.longestSilenceMs = Math.max(this.longestSilenceMs, heartbeatMaxIntervalMs);
    }
    if (event.type === "granted" || event.type === "reasserted") {
      this.grants.set(event.acquisition, event);
      this.ends.delete(event.acquisition);
    }
    if (event.type === "released" || event.type === "expired") {
      this.ends.set(event.acquisition, event);
    }
  }
}

/** A key that is missing or of another type: whoever looks must refuse. */
export function whatIsWrongWith({ sentinels, foreign, history, meta }: Data): string | undefined {
  // Who leads is the concern of claims alone.
  const key = [...foreign].find((name) => name !== "leader");
  if (key !== undefined) return `${key} is of another type`;
  const name = RECORDS.find((records) => !sentinels.has(records));
  if (meta && name !== undefined) return `${name} is missing`;
  if (meta && meta.commit > 0 && history.length === 0) return "the history is missing";
  return undefined;
}

function commandsOf(recorded: Recorded): readonly Command[] {
  if (recorded.length === 2) return recorded[1].type === "tick" ? [TICK] : [recorded[1]];
  const [, session, number, , commands] = recorded;
  return commands.map((command, index) => ({ ...command, session, number: number + index }));
}

function bytesOf(state: State): string {
  return JSON.stringify(snapshot(state));
}
