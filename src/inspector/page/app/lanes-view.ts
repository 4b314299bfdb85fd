/** Which part of the lanes is seen: a span of time, which follows the newest or stands still, and how far down. */

import { panned, type Span1D, zoomed } from "../model/scale.js";

const FIRST_MS = 60_000;

export class LanesView {
  /** Pixels of the page above the first row. */
  top = 0;
  /** Of the drawn time, in pixels of the page. */
  width = 800;
  private lengthMs = FIRST_MS;
  private fixed: Span1D | undefined = undefined;
  private isFitted = false;

  reset(): void {
    this.fixed = undefined;
    this.lengthMs = FIRST_MS;
    this.isFitted = false;
    this.top = 0;
  }

  /** How long time takes for a pixel: more often, nothing new is seen. */
  get msPerPixel(): number {
    return Math.min(Math.max(this.lengthMs / this.width, 33), 1_000);
  }

  get isFollowing(): boolean {
    return this.fixed === undefined;
  }

  /** @param at log time of the moment that is shown */
  window(at: number): Span1D {
    if (this.fixed) return this.fixed;
    return { from: at - this.lengthMs * 0.97, to: at + this.lengthMs * 0.03 };
  }

  /** Once, of what is read whole: shows all of it. */
  fit(from: number, to: number): void {
    if (this.isFitted) return;
    this.isFitted = true;
    const length = Math.max(to - from, 100);
    this.fixed = { from: from - length * 0.01, to: to + length * 0.02 };
    this.lengthMs = length * 1.03;
  }

  pan(share: number, at: number): void {
    this.set(panned(this.window(at), share));
  }

  zoom(factor: number, anchor: number, at: number): void {
    const next = zoomed(this.window(at), factor, anchor);
    // While it follows, the newest stays where it is.
    if (this.isFollowing) this.lengthMs = next.to - next.from;
    else this.set(next);
  }

  followNewest(): void {
    this.fixed = undefined;
  }

  /** Keeps a moment of the past in sight. */
  reveal(at: number): void {
    const { from, to } = this.window(at);
    if (at >= from && at <= to) return;
    const length = to - from;
    this.set({ from: at - length * 0.8, to: at + length * 0.2 });
  }

  private set(window: Span1D): void {
    this.fixed = window;
    this.lengthMs = window.to - window.from;
  }
}
