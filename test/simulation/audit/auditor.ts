/**
 * Sees whatever happens at the server, at that moment, and compares it with what must always hold.
 * After data was lost it goes on from what is left; tokens rise nevertheless.
 */

import type { Event } from "../../../src/core/event.js";
import { demand } from "../failure.js";
import type { Data, StreamEntry } from "../redis/data.js";
import type { Observer } from "../redis/server.js";
import { isAfter } from "../redis/stream.js";
import { HistoryAudit } from "./history.js";
import type { Holds } from "./holds.js";

export class Auditor implements Observer {
  history: HistoryAudit;
  private epoch = 0;
  /** Of all grants ever, also of those that the data has forgotten. */
  private token = 0;
  /** The highest that the stream had. */
  private lastId = "0-0";
  /** Entries that may come to stand before what was read already, for the stream was deleted. */
  private readonly unreachable = new Set<string>();

  constructor(
    private readonly data: () => Data,
    /** By the server's clock. */
    private readonly nowMs: () => number,
    private readonly holds: Holds,
    private readonly note: (line: string) => void,
    /** What is wrong is told here: to throw would only look like a failure of the server. */
    private readonly fail: (reason: unknown) => void,
  ) {
    this.history = new HistoryAudit(note);
  }

  appended({ id, fields }: StreamEntry): void {
    const cursor = this.data().meta?.cursor ?? "0-0";
    if (isAfter(cursor, this.lastId)) this.lastId = cursor;
    if (isAfter(id, this.lastId)) this.lastId = id;
    else this.unreachable.add(id);
    const texts = new Map(fields);
    const [session, number] = [texts.get("session"), texts.get("number")];
    const what = session === undefined ? "tick" : `${session}#${number} ${texts.get("commands")}`;
    this.note(`  + ${id} ${what}`);
  }

  claimed(epoch: number, candidate: string): void {
    this.guarded(() => {
      demand(9, epoch >= this.epoch, () => `epoch ${epoch} was claimed after ${this.epoch}`);
      if (epoch === this.epoch) return;
      this.note(`${candidate} leads with epoch ${epoch}`);
      this.holds.anotherLeads();
      this.epoch = epoch;
    });
  }

  committed(epoch: number): void {
    this.guarded(() => {
      demand(9, epoch === this.epoch, () => `epoch ${epoch} writes, but ${this.epoch} has begun`);
      const data = this.data();
      const events = this.history.follow(data.history);
      this.history.compareOften(data);
      for (const event of events) this.see(event);
    });
  }

  trimmed(entries: readonly StreamEntry[]): void {
    this.guarded(() => {
      for (const { id } of entries) {
        const applied = this.history.decided.has(id) || this.unreachable.has(id);
        demand(12, applied, () => `entry ${id} was trimmed, but not decided`);
      }
    });
  }

  started(): void {
    this.guarded(() => {
      const data = this.data();
      const { epoch = 0, token = 0 } = data.meta ?? {};
      this.epoch = epoch;
      this.lastId = data.commands.lastId;
      // Tokens that are lost are told from new ones by time alone; if that goes back as well, nothing can.
      if (this.nowMs() * 1000 <= this.token) this.token = token;
      this.history = new HistoryAudit(() => {});
      this.history.follow(data.history);
      this.history.compare(data);
      this.history.note = this.note;
    });
  }

  /** All is over: nothing may have been missed. */
  finish(): void {
    this.guarded(() => this.history.compare(this.data()));
  }

  private see(event: Event): void {
    if (event.type === "reasserted") this.holds.granted(event, this.history);
    if (event.type !== "granted") return;
    const { token } = event;
    demand(3, token > this.token, () => `token ${token} was granted after ${this.token}`);
    this.token = token;
    this.holds.granted(event, this.history);
  }

  private guarded(check: () => void): void {
    try {
      check();
    } catch (reason) {
      this.fail(reason);
    }
  }
}
