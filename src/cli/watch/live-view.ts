/** The view while it is live: looks at the fleet, answers keys, and has it drawn again when something has changed. */

import { setTimeout as pause } from "node:timers/promises";
import type { Event } from "../../index.js";
import { systemClock } from "../../memory/system-clock.js";
import { explain } from "../complain.js";
import { draw } from "./draw.js";
import { EventRate } from "./event-rate.js";
import type { FleetReader, Look } from "./fleet-reader.js";
import type { FullScreen } from "./full-screen.js";
import { type Key, keysOf } from "./keys.js";
import { neighbour, type View } from "./model.js";
import type { Paint } from "./paint.js";
import { MOST_EVENTS } from "./sections.js";

/** Without an answer for so long, the view says so. */
const PATIENCE_MS = 2_000;

/** Another thread may take note of the signal a moment later. */
const STOPPING_TAKES_MS = 20;

export interface LiveViewOptions {
  readonly namespace: string;
  readonly only: string | undefined;
  readonly intervalMs: number;
  readonly paint: Paint;
}

export class LiveView {
  private look: Look;
  private lookedAt = 0;
  /** When it had an answer, or nothing was asked. */
  private heardAt = 0;
  private failure: string | undefined = undefined;
  private readonly rate = new EventRate();
  private state: Look["state"];
  private choice: string | undefined;
  private events: readonly Event[] = [];
  private notice: string | undefined = undefined;
  private pausedAt: number | undefined = undefined;
  private showsHelp = false;
  private screen: FullScreen | undefined = undefined;
  private readonly over = new AbortController();
  private fault: unknown = undefined;

  /** @param first what the reader found when it looked for the first time */
  constructor(
    private readonly reader: FleetReader,
    first: Look,
    private readonly options: LiveViewOptions,
  ) {
    this.choice = options.only;
    this.look = first;
    this.state = undefined;
    this.saw(first);
  }

  /** Resolves when it was told to end. */
  async runOn(screen: FullScreen): Promise<void> {
    this.screen = screen;
    // Also while an answer is awaited: time goes on.
    const timer = setInterval(() => this.draw(), this.options.intervalMs);
    try {
      screen.enter();
      this.draw();
      await this.keepLooking();
      if (this.fault !== undefined) throw this.fault;
    } finally {
      clearInterval(timer);
      screen.leave();
    }
  }

  end(): void {
    this.over.abort();
    // Who quits does not wait for an answer that may never come.
    this.reader.close();
  }

  warn(message: string): void {
    this.notice = message;
  }

  typed(text: string): void {
    this.guarded(() => {
      for (const key of keysOf(text)) this.press(key);
    });
    this.draw();
  }

  draw(): void {
    this.guarded(() => {
      const { screen } = this;
      screen?.show(draw(this.view(), screen.size, this.options.paint));
    });
  }

  /** A mistake of ours is told once the terminal is as it was. */
  private guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.fault ??= error;
      this.end();
    }
  }

  private press(key: Key): void {
    switch (key) {
      case "quit":
        this.end();
        return;
      case "suspend":
        this.suspend();
        return;
      case "up":
        this.choose(-1);
        return;
      case "down":
        this.choose(1);
        return;
      case "pause":
        this.pauseOrGoOn();
        return;
      case "help":
        this.showsHelp = !this.showsHelp;
        return;
    }
  }

  private pauseOrGoOn(): void {
    const now = systemClock.now();
    // Nobody asked meanwhile, so that no answer is late.
    if (this.pausedAt !== undefined) this.heardAt = now;
    this.pausedAt = this.pausedAt === undefined ? now : undefined;
  }

  private choose(step: 1 | -1): void {
    this.choice = neighbour(this.view(), step);
  }

  /** As Ctrl-Z does elsewhere. Once it is back, the timer rings. */
  private suspend(): void {
    this.screen?.leave();
    process.kill(process.pid, "SIGTSTP");
    // Where no shell could bring it back, it was not stopped at all.
    setTimeout(() => this.comeBack(), STOPPING_TAKES_MS);
  }

  private comeBack(): void {
    if (this.over.signal.aborted) return;
    this.heardAt = systemClock.now();
    this.screen?.enter();
    this.draw();
  }

  private async keepLooking(): Promise<void> {
    const { signal } = this.over;
    while (!signal.aborted) {
      await pause(this.options.intervalMs, undefined, { signal }).catch(() => {});
      if (this.pausedAt === undefined && !signal.aborted) await this.lookOnce();
    }
  }

  /** Whatever fails may work again later. */
  private async lookOnce(): Promise<void> {
    try {
      this.saw(await this.reader.look(this.choice));
      this.failure = undefined;
    } catch (error) {
      this.failure = explain(error);
    }
  }

  private saw(look: Look): void {
    const { only } = this.options;
    this.look = look;
    this.lookedAt = systemClock.now();
    this.heardAt = this.lookedAt;
    this.rate.add(this.lookedAt, look.status.seq);
    if (look.state) this.state = look.state;
    const news = look.events.filter((event) => isNews(event, only)).reverse();
    this.events = [...news, ...(look.beginsAnew ? [] : this.events)].slice(0, MOST_EVENTS);
  }

  private view(): View {
    const { reader, options, look, state } = this;
    const now = this.pausedAt ?? systemClock.now();
    const semaphores = state?.semaphores ?? [];
    return {
      address: reader.address,
      namespace: options.namespace,
      status: { ...look.status, now: look.status.now + Math.max(0, now - this.lookedAt) },
      outage: this.outage(now),
      rate: this.rate.value,
      semaphores,
      chosen: this.choice ?? semaphores[0]?.name,
      detail: state?.detail,
      events: this.events,
      notice: this.notice,
      isPaused: this.pausedAt !== undefined,
      showsHelp: this.showsHelp,
    };
  }

  private outage(now: number): View["outage"] {
    if (this.pausedAt !== undefined) return undefined;
    const forMs = now - this.heardAt;
    const isLate = forMs > PATIENCE_MS + this.options.intervalMs;
    if (this.failure === undefined && !isLate) return undefined;
    return { reason: this.failure ?? "Redis does not answer.", forMs };
  }
}

/** Signs of life are too many, and say too little. */
function isNews(event: Event, only: string | undefined): boolean {
  if (only !== undefined) return "semaphore" in event && event.semaphore === only;
  return event.type !== "heartbeat" && event.type !== "ticked";
}
