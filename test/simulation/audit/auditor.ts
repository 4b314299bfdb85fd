/**
 * Sees whatever happens at the server, at that moment, and compares it with what must always hold.
 * After data was lost it goes on from what is left; tokens rise nevertheless.
 */

import type { Event } from "../../../src/core/event.js";
import { verify } from "../../../src/history/verify.js";
import { demand } from "../failure.js";
import type { Data, RecordsName, StreamEntry } from "../redis/data.js";
import type { Observer } from "../redis/server.js";
import { isAfter } from "../redis/stream.js";
import { HistoryAudit, whatIsWrongWith } from "./history.js";
import type { Holds } from "./holds.js";

export class Auditor implements Observer {
  history: HistoryAudit;
  private epoch = 0;
  /** Of all grants ever, also of those that the data has forgotten. */
  private token = 0;
  /** The highest of those that the data has forgotten, and the lowest time of the server since. */
  private lostToken = 0;
  private lowestMs = Infinity;
  /** And nothing was committed since. */
  private hasStarted = false;
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
    holds.onFailure = fail;
    holds.isKnown = (acquisition) =>
      this.history.state.acquisitions.get(acquisition)?.grant !== undefined;
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
      this.lowestMs = Math.min(this.lowestMs, this.nowMs());
      this.lookAtLoss();
    });
  }

  committed(epoch: number): void {
    this.guarded(() => {
      demand(9, epoch === this.epoch, () => `epoch ${epoch} writes, but ${this.epoch} has begun`);
      const data = this.data();
      const wrong = whatIsWrongWith(data);
      demand(10, wrong === undefined, () => `a commit was taken, though ${wrong}`);
      this.lowestMs = Math.min(this.lowestMs, this.nowMs());
      this.hasStarted = false;
      this.holds.committed();
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
      this.lostToken = Math.max(this.lostToken, this.token);
      this.token = token;
      this.lowestMs = this.nowMs();
      this.hasStarted = true;
      this.history = this.history.rewoundTo(data);
      this.history.compare(data);
      this.history.note = this.note;
    });
  }

  /** Somebody deleted a field of the records. */
  lost(kind: RecordsName, key: string): void {
    this.history.losses.add(kind, key);
  }

  /** All is over: nothing may have been missed. */
  finish(): void {
    this.guarded(() => this.history.compare(this.data(), true));
  }

  /** What users would do to find out: is the history whole, also where its front was trimmed? */
  async verify(): Promise<void> {
    const data = this.data();
    if (whatIsWrongWith(data) !== undefined) return;
    const { problem } = await verify(data.history, { head: data.meta?.head });
    this.guarded(() => demand(12, problem === undefined, () => `verify: ${problem?.message}`));
  }

  private see(event: Event): void {
    if (event.type === "released" || event.type === "expired") this.holds.ended(event);
    if (event.type === "reasserted") this.holds.reasserted(event);
    if (event.type !== "granted") return;
    const { token } = event;
    demand(3, token > this.token, () => `token ${token} was granted after ${this.token}`);
    // Tokens that are lost are told from new ones by time alone; if that goes back as well, nothing can.
    // And who does not know of the loss decides an old entry again, at its old time, for the same acquisition.
    const isAgain = this.holds.wasGranted(event);
    const isNew = token > this.lostToken || this.lowestMs * 1000 <= this.lostToken || isAgain;
    demand(3, isNew, () => `token ${token} was granted, but ${this.lostToken} is forgotten`);
    this.token = token;
    this.holds.granted(event, this.history);
  }

  /** After data was lost: does the new leader know that there was some, and how long others may be silent? */
  private lookAtLoss(): void {
    const { meta } = this.data();
    if (meta === undefined || !this.hasStarted) return;
    if (meta.commit === 0 && meta.runId !== "" && this.lostToken > 0) this.holds.lostUnnoticed();
    this.holds.pauses(meta.pauseMs);
  }

  private guarded(check: () => void): void {
    try {
      check();
    } catch (reason) {
      this.fail(reason);
    }
  }
}
