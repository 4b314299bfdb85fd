/** What the page shows, and what can be done with it: the one place where that changes. Panels read it and call it. */

import { State } from "../../../core/state.js";
import type { Explanation } from "../../../history/explanation.js";
import { until } from "../model/budget.js";
import { Cursor } from "../model/cursor.js";
import { type Filter, Filtered, NO_FILTER } from "../model/filter.js";
import { Follow } from "../model/follow.js";
import { Model } from "../model/model.js";
import { type Place, parsePlace } from "../model/place.js";
import { Reasons } from "../model/reasons.js";
import { SteadyOrder } from "../model/rows.js";
import type { SourceHeader } from "../model/source-header.js";
import type { Connection, Feed } from "./feed.js";
import { Frames } from "./frames.js";
import { Ingest } from "./ingest.js";
import { LanesView } from "./lanes-view.js";
import { Player } from "./player.js";

/** Of a frame of some 16 ms: for what came, and for all else that takes long. The rest is for drawing. */
const INGEST_MS = 5;
/** Who reads much at once wants it read, rather than smooth. */
const BULK_MS = 45;
/** Meanwhile it is drawn as often as this. */
const BULK_DRAW_MS = 250;
const LOOKING_MS = 4;
const ORDER_STEADY_MS = 1_000;
/** Lines that wait: then a history is read, rather than followed. */
const MANY = 200;

const NOWHERE = new State();

export class App implements Feed {
  header: SourceHeader | undefined = undefined;
  model: Model | undefined = undefined;
  link: Connection = { state: "none" };
  place: Place;
  filtered: Filtered | undefined = undefined;
  follow: Follow | undefined = undefined;
  explanation: Explanation | undefined = undefined;
  token: string | undefined = undefined;
  /** How often the page took up a broken connection where it was. */
  resumptions = 0;
  readonly lanes = new LanesView();
  readonly order = new SteadyOrder(ORDER_STEADY_MS);
  readonly player = new Player();
  readonly frames = new Frames(() => this.frame());
  private readonly ingest = new Ingest();
  private cursor: Cursor | undefined = undefined;
  private reasons: Reasons | undefined = undefined;
  /** What comes after damage says nothing: it would not follow from what is shown. */
  private isDamaged = false;
  private wasBulk = false;
  private drawnAt = 0;
  private heardNow = { at: 0, when: 0 };

  constructor(
    hash: string,
    private readonly draw: () => void,
  ) {
    this.place = parsePlace(hash);
  }

  // What the source tells.

  begin(header: SourceHeader): void {
    if (header.resumed && this.model) this.resumptions++;
    else this.reset(header);
    this.header = header;
    this.frames.ask();
  }

  receive(lines: readonly string[]): void {
    if (!this.isDamaged) this.ingest.add(lines);
    this.frames.ask();
  }

  now(at: number): void {
    this.heardNow = { at, when: performance.now() };
    this.frames.ask();
  }

  connection(link: Connection): void {
    if (link.state === "connecting") this.isDamaged = false;
    if (!this.isDamaged) this.link = link;
    this.frames.ask();
  }

  room(): Promise<void> {
    return this.ingest.room();
  }

  // What the reader does.

  /** Shows the moment after this event; `undefined` for what is now. */
  goTo(at: number | undefined): void {
    this.player.stop();
    if (at === undefined && this.header?.live) this.lanes.followNewest();
    this.look({ at });
  }

  step(by: number): void {
    const { timeline } = this.model ?? {};
    if (timeline) this.goTo(Math.min(Math.max(this.seq + by, timeline.start), timeline.end));
  }

  look(change: Partial<Place>): void {
    this.place = { ...this.place, ...change };
    this.frames.ask();
  }

  choose(acquisition: string | undefined, semaphore = this.place.semaphore): void {
    this.look({ acquisition, semaphore });
  }

  setFilter(filter: Filter): void {
    if (this.model) this.filtered = new Filtered(filter, this.model.timeline);
    this.frames.ask();
  }

  play(speed = this.player.speed): void {
    const { timeline } = this.model ?? {};
    if (timeline === undefined || timeline.events.length === 0) return;
    this.player.speed = speed;
    // What has come to its end begins anew.
    if (this.seq >= timeline.end) this.look({ at: timeline.start });
    else this.look({ at: this.seq });
    const first = timeline.eventAt((this.place.at ?? 0) + 1);
    this.player.start(first?.at ?? this.state.at, performance.now());
  }

  pause(): void {
    this.player.stop();
    this.frames.ask();
  }

  // What is shown.

  get isLive(): boolean {
    return this.place.at === undefined;
  }

  /** All that is so at the moment that is shown. */
  get state(): State {
    if (this.model === undefined) return NOWHERE;
    return this.isLive ? this.model.timeline.head : (this.cursor?.state ?? NOWHERE);
  }

  get seq(): number {
    return this.state.seq;
  }

  /** Log time at that moment. */
  get at(): number {
    const { at } = this.state;
    if (!this.isLive || !this.isTicking) return at;
    return Math.max(at, this.heardNow.at + performance.now() - this.heardNow.when);
  }

  /** Whether time goes on in the page. */
  get isTicking(): boolean {
    return this.isLive && this.header?.live === true && this.link.state === "live";
  }

  private reset(header: SourceHeader): void {
    this.ingest.clear();
    this.isDamaged = false;
    const model = new Model(header.version);
    this.model = model;
    this.heardNow = { at: 0, when: 0 };
    this.lanes.reset();
    this.filtered = new Filtered(this.filtered?.filter ?? NO_FILTER, model.timeline);
    this.cursor = undefined;
    this.forgetChosen();
  }

  private forgetChosen(): void {
    this.follow = undefined;
    this.reasons = undefined;
    this.explanation = undefined;
  }

  private frame(): void {
    const { model } = this;
    if (model) {
      const isThrough = this.work(model);
      if (!isThrough || this.player.isPlaying) this.frames.ask();
      else if (this.isTicking) this.frames.askIn(this.lanes.msPerPixel);
    }
    const now = performance.now();
    const isHurried = this.ingest.length > MANY && now - this.drawnAt < BULK_DRAW_MS;
    if (isHurried) return;
    this.drawnAt = now;
    this.draw();
  }

  /** Returns whether nothing is left to do. */
  private work(model: Model): boolean {
    const begun = performance.now();
    const now = () => performance.now();
    const isBulk = this.ingest.length > MANY;
    const hasRoom = until(now, begun + (isBulk ? BULK_MS : INGEST_MS));
    this.ingest.drain((line) => this.take(model, line), hasRoom);
    // While one follows, rows keep their places; when one reads or looks back, they are sorted at once.
    if (isBulk || this.wasBulk || !this.isTicking) this.order.reset();
    this.wasBulk = isBulk;
    this.playOn(model);
    const hasTime = until(now, performance.now() + LOOKING_MS);
    let isThrough = this.ingest.isEmpty;
    if (this.place.at !== undefined && model.timeline.hasBegun) {
      this.cursor ??= new Cursor(model.timeline);
      this.cursor.seek(this.place.at);
      isThrough = this.cursor.goOn(hasTime) && isThrough;
    }
    isThrough = (this.filtered?.goOn(hasTime) ?? true) && isThrough;
    return this.explain(model, hasTime) && isThrough;
  }

  private take(model: Model, line: string): void {
    try {
      if (!model.take(line)) return;
      this.filtered?.trim(model.timeline.start);
      this.forgetChosen();
    } catch (error) {
      this.ingest.clear();
      this.isDamaged = true;
      const message = error instanceof Error ? error.message : String(error);
      this.link = { state: "damaged", message };
    }
  }

  private playOn({ timeline }: Model): void {
    if (!this.player.isPlaying || this.place.at === undefined) return;
    const next = this.player.next(timeline, this.place.at, performance.now());
    if (next === undefined) this.player.stop();
    else this.place = { ...this.place, at: next };
  }

  private explain(model: Model, hasTime: () => boolean): boolean {
    const { acquisition } = this.place;
    if (acquisition !== this.follow?.id) this.forgetChosen();
    if (acquisition === undefined || !model.timeline.hasBegun) return true;
    this.follow ??= new Follow(acquisition, model.timeline, model.lookup);
    this.reasons ??= new Reasons(acquisition, model.timeline, model.lookup);
    const explanation = this.reasons.at(this.state, this.at, hasTime);
    this.explanation = explanation ?? this.explanation;
    return explanation !== undefined;
  }
}
