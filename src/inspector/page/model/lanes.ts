/** Who held which slot from when to when, and how many waited: what the swim lanes draw. Fed with events, in order. */

import type { Event, GrantedEvent, ReassertedEvent } from "../../../core/event.js";
import type { AcquisitionRecord, State } from "../../../core/state.js";
import { Depth } from "./depth.js";
import { firstWhere } from "./search.js";
import { Waits } from "./waits.js";

/** One hold of one slot. Times are log time, in milliseconds. */
export interface Span {
  readonly acquisition: string;
  readonly session: string;
  readonly semaphore: string;
  readonly slot: number;
  readonly token: number;
  readonly from: number;
  readonly fromSeq: number;
  /** `Infinity` while it is held. */
  to: number;
  toSeq: number;
  /** How it ended; an expired one was taken back. */
  end: "released" | "expired" | undefined;
  reason: string | undefined;
}

export class Track {
  /** By slot; the spans of a lane follow one another. */
  readonly lanes: Span[][] = [];
  readonly depth = new Depth();
  readonly waits = new Waits();
  waiting = 0;

  constructor(readonly name: string) {}

  lane(slot: number): Span[] {
    while (this.lanes.length <= slot) this.lanes.push([]);
    return this.lanes[slot] ?? [];
  }
}

export class Lanes {
  readonly tracks = new Map<string, Track>();
  private readonly held = new Map<string, Span>();
  /** Since when who waits, and where. */
  private readonly waiting = new Map<string, { readonly track: Track; readonly at: number }>();

  /** What was already so when the events begin. */
  begin(state: State): void {
    for (const { name } of state.semaphores.values()) this.track(name);
    for (const record of state.acquisitions.values()) this.recall(record, state);
  }

  note(event: Event): void {
    switch (event.type) {
      case "queued":
        this.wait(event.semaphore, event.acquisition, event.at);
        return;
      case "granted":
        this.grant(event);
        return;
      case "reasserted":
        this.close(event.acquisition, event, undefined, undefined);
        this.leaveQueue(event.acquisition, event.at);
        this.open(event);
        return;
      case "released":
      case "expired":
        this.close(event.acquisition, event, event.type, event.reason);
        return;
      case "abandoned":
        this.track(event.semaphore);
        this.leaveQueue(event.acquisition, event.at);
        return;
      case "declared":
      case "resized":
        this.track(event.semaphore);
        return;
      case "revoked":
      case "heartbeat":
      case "left":
      case "ignored":
      case "refused":
      case "resumed":
      case "rebased":
      case "restarted":
      case "swept":
      case "ticked":
        return;
    }
  }

  /** Forgets what had ended with this event. */
  trim(seq: number, at: number): void {
    for (const track of this.tracks.values()) {
      for (const lane of track.lanes)
        lane.splice(
          0,
          firstWhere(lane, (span) => span.toSeq > seq),
        );
      track.depth.trim(at);
      track.waits.trim(seq);
      const isEmpty = track.lanes.every(({ length }) => length === 0);
      if (isEmpty && track.waiting === 0) this.tracks.delete(track.name);
    }
  }

  private track(name: string): Track {
    const known = this.tracks.get(name);
    if (known) return known;
    const track = new Track(name);
    this.tracks.set(name, track);
    return track;
  }

  private recall({ id, semaphore, session, queuedAt, grant }: AcquisitionRecord, state: State) {
    if (grant === undefined) return this.wait(semaphore.name, id, queuedAt);
    const { slot, token, at } = grant;
    const about = { semaphore: semaphore.name, acquisition: id, session: session.id };
    this.add({ ...about, slot, token, from: at, fromSeq: state.seq });
  }

  private wait(semaphore: string, acquisition: string, at: number): void {
    const track = this.track(semaphore);
    this.waiting.set(acquisition, { track, at });
    track.depth.set(at, ++track.waiting);
  }

  private leaveQueue(acquisition: string, at: number): void {
    const waiter = this.waiting.get(acquisition);
    if (waiter === undefined) return;
    this.waiting.delete(acquisition);
    waiter.track.depth.set(at, --waiter.track.waiting);
  }

  private grant(event: GrantedEvent): void {
    const waiter = this.waiting.get(event.acquisition);
    if (waiter) waiter.track.waits.add(event.seq, event.at - waiter.at);
    this.leaveQueue(event.acquisition, event.at);
    this.open(event);
  }

  private open(event: GrantedEvent | ReassertedEvent): void {
    const { acquisition, session, semaphore, slot, token, at, seq } = event;
    this.add({ acquisition, session, semaphore, slot, token, from: at, fromSeq: seq });
  }

  private add(begun: Omit<Span, "to" | "toSeq" | "end" | "reason">): void {
    const span = { ...begun, to: Infinity, toSeq: Infinity, end: undefined, reason: undefined };
    this.held.set(span.acquisition, span);
    this.track(span.semaphore).lane(span.slot).push(span);
  }

  private close(
    acquisition: string,
    { at, seq }: Event,
    end: Span["end"],
    reason: string | undefined,
  ): void {
    const span = this.held.get(acquisition);
    if (span === undefined) return;
    this.held.delete(acquisition);
    span.to = at;
    span.toSeq = seq;
    span.end = end;
    span.reason = reason;
  }
}
