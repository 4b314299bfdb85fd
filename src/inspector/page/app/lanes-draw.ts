/**
 * Draws the swim lanes. Only what is seen, and no more than a bar a pixel: however many holds there are, the work is
 * bounded by the size of the picture. What came after the moment that is shown stays visible, faintly.
 */

import { grouped, shortId } from "../model/format.js";
import type { Span } from "../model/lanes.js";
import { ticksOf } from "../model/scale.js";
import { firstWhere } from "../model/search.js";
import { DEPTH_HEIGHT, type Group, TITLE_HEIGHT } from "./lanes-layout.js";
import { AXIS_HEIGHT, type Scene } from "./lanes-scene.js";

/** Returns how many bars it drew. */
export function drawLanes(context: CanvasRenderingContext2D, scene: Scene): number {
  return new Painter(context, scene).paint();
}

class Painter {
  private drawn = 0;
  private readonly perMs: number;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly scene: Scene,
  ) {
    const { width, gutter, window } = scene;
    this.perMs = (width - gutter) / (window.to - window.from);
  }

  paint(): number {
    const { context, scene } = this;
    const { width, height, gutter, palette, top, groups } = scene;
    context.fillStyle = palette.panel;
    context.fillRect(0, 0, width, height);
    context.font = `11px ${palette.font}`;
    context.textBaseline = "middle";
    this.axis();
    this.clip(0, AXIS_HEIGHT, width, height - AXIS_HEIGHT, () => {
      const first = firstWhere(groups, (group) => group.y + group.height > top);
      for (const group of groups.slice(first)) {
        const y = AXIS_HEIGHT + group.y - top;
        if (y > height) break;
        this.group(group, y);
      }
    });
    this.clip(gutter, 0, width - gutter, height, () => this.moment());
    return this.drawn;
  }

  private x(at: number): number {
    return this.scene.gutter + (at - this.scene.window.from) * this.perMs;
  }

  private clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    draw();
    context.restore();
  }

  private axis(): void {
    const { context, scene } = this;
    const { palette, width, height, gutter, window } = scene;
    context.textAlign = "center";
    const offset = -new Date(window.from).getTimezoneOffset() * 60_000;
    const ticks = ticksOf(window, Math.max(2, (width - gutter) / 92), offset);
    this.clip(gutter, 0, width - gutter, height, () => {
      for (const { at, label } of ticks) {
        const x = Math.round(this.x(at)) + 0.5;
        context.fillStyle = palette.line;
        context.fillRect(x, AXIS_HEIGHT - 4, 1, height);
        context.fillStyle = palette.faint;
        context.fillText(label, x, 9);
      }
    });
    context.fillStyle = palette.line;
    context.fillRect(0, AXIS_HEIGHT - 1, width, 1);
  }

  private group({ track, rows, rowHeight }: Group, y: number): void {
    const { context, scene } = this;
    const { palette, width, height, gutter, state } = scene;
    const record = state.semaphores.get(track.name);
    const figures = record
      ? `${grouped(record.holders.size)} / ${grouped(record.effective)} held · ${grouped(record.queue.size)} queued`
      : "not in use at this moment";
    context.textAlign = "left";
    context.fillStyle = palette.text;
    context.font = `600 12px ${palette.font}`;
    const title = shortId(track.name, 40);
    context.fillText(title, 10, y + TITLE_HEIGHT / 2);
    const x = 10 + context.measureText(title).width + 10;
    context.font = `11px ${palette.font}`;
    context.fillStyle = palette.faint;
    context.fillText(figures, x, y + TITLE_HEIGHT / 2);
    const lanesY = y + TITLE_HEIGHT;
    for (let slot = 0; slot < rows; slot++) {
      const rowY = lanesY + slot * rowHeight;
      if (rowY + rowHeight < AXIS_HEIGHT) continue;
      if (rowY > height) break;
      this.row(track.lanes[slot] ?? [], slot, rowY, rowHeight);
    }
    const depthY = lanesY + rows * rowHeight + 3;
    this.clip(gutter, depthY, width - gutter, DEPTH_HEIGHT, () => this.depth(track, depthY));
    context.textAlign = "right";
    context.fillStyle = palette.faint;
    context.fillText("queue", gutter - 8, depthY + DEPTH_HEIGHT - 8);
    if (track.depth.most > 0) context.fillText(grouped(track.depth.most), gutter - 8, depthY + 9);
  }

  private row(lane: readonly Span[], slot: number, y: number, height: number): void {
    const { context, scene } = this;
    const { palette, width, gutter } = scene;
    const bar = height > 6 ? height - 3 : height - 1;
    context.globalAlpha = 0.6;
    context.fillStyle = palette.lane;
    context.fillRect(gutter, y, width - gutter, bar);
    context.globalAlpha = 1;
    if (height >= 12) {
      context.textAlign = "right";
      context.fillStyle = palette.faint;
      context.fillText(String(slot), gutter - 8, y + bar / 2 + 0.5);
    }
    this.clip(gutter, y, width - gutter, height, () => this.spans(lane, y, bar));
  }

  /** Behind a bar, goes on with the first that ends in a later pixel. */
  private spans(lane: readonly Span[], y: number, height: number): void {
    const { window } = this.scene;
    let index = firstWhere(lane, ({ to }) => to > window.from);
    for (;;) {
      const span = lane[index];
      if (span === undefined || span.from >= window.to) return;
      this.span(span, y, height);
      const next = window.from + (this.endX(span) + 0.5 - this.scene.gutter) / this.perMs;
      index = Math.max(
        index + 1,
        firstWhere(lane, ({ to }) => to > next),
      );
    }
  }

  private endX(span: Span): number {
    const { at, isLive, width } = this.scene;
    const isOpen = span.to === Infinity;
    const end = isOpen ? this.x(isLive ? at : Math.max(at, span.from)) : this.x(span.to);
    return Math.max(Math.min(end, width + 9), this.x(span.from) + 1);
  }

  private span(span: Span, y: number, height: number): void {
    const { context, scene } = this;
    const { palette, state, chosen, hovered, gutter, width, isLive } = scene;
    const { fromSeq, toSeq, end } = span;
    this.drawn++;
    const from = Math.max(this.x(span.from), gutter - 9);
    const to = this.endX(span);
    const isFuture = fromSeq > state.seq;
    const isHeld = !isFuture && toSeq > state.seq;
    const isLost = end === "expired" && !isHeld;
    context.globalAlpha = isFuture ? 0.22 : 1;
    context.fillStyle = isHeld ? palette.held : isLost ? palette.expiredBar : palette.released;
    const shown = isHeld && !isLive ? Math.min(to, this.x(scene.at)) : to;
    const room = to - from > 3 ? 1 : 0;
    context.fillRect(from, y, Math.max(shown - from - room, 1), height);
    if (shown < to) {
      context.globalAlpha = 0.22;
      context.fillRect(shown, y, Math.max(to - shown - room, 0), height);
      context.globalAlpha = 1;
    }
    // Not by its colour alone: what was taken back ends with a stop.
    if (isLost) {
      context.fillStyle = palette.expired;
      context.fillRect(Math.max(from, to - room - 4), y, Math.min(4, to - from), height);
    }
    const isChosen = span.acquisition === chosen;
    if (isChosen || span.acquisition === hovered) {
      context.globalAlpha = 1;
      context.strokeStyle = isChosen ? palette.accent : palette.text;
      context.lineWidth = isChosen ? 2 : 1;
      context.strokeRect(from + 0.5, y + 0.5, Math.max(to - from - room - 1, 1), height - 1);
    }
    const visible = Math.min(to, width) - from;
    if (height >= 12 && visible > 52) this.name(span, from, y, visible, height, isHeld);
    context.globalAlpha = 1;
  }

  private name(
    { acquisition }: Span,
    x: number,
    y: number,
    width: number,
    height: number,
    isStrong: boolean,
  ): void {
    const { context, scene } = this;
    context.textAlign = "left";
    context.fillStyle = isStrong ? scene.palette.onHeld : scene.palette.text;
    const left = Math.max(x, scene.gutter) + 5;
    const text = shortId(acquisition, Math.floor((width - 14) / 5.8));
    context.fillText(text, left, y + height / 2 + 0.5);
  }

  /** A step a pixel, as high as the most that waited in it. */
  private depth({ depth }: Group["track"], y: number): void {
    const { context, scene } = this;
    const { window, gutter, width, palette, at, isLive } = scene;
    const most = Math.max(depth.most, 1);
    const floor = y + DEPTH_HEIGHT - 4;
    const until = isLive ? Math.min(this.x(at), width) : width;
    context.fillStyle = palette.line;
    context.fillRect(gutter, floor, width - gutter, 1);
    const split = this.x(at);
    for (let x = gutter; x < until; x++) {
      const from = window.from + (x - gutter) / this.perMs;
      const value = depth.mostBetween(from, from + 1 / this.perMs);
      if (value === 0) continue;
      const height = Math.max(2, (value / most) * (DEPTH_HEIGHT - 8));
      context.globalAlpha = x > split ? 0.12 : 0.28;
      context.fillStyle = palette.queued;
      context.fillRect(x, floor - height, 1, height);
      context.globalAlpha = x > split ? 0.22 : 1;
      context.fillRect(x, floor - height, 1, 1.5);
      this.drawn++;
    }
    context.globalAlpha = 1;
  }

  /** The line of the moment that is shown. */
  private moment(): void {
    const { context, scene } = this;
    const { at, height, palette } = scene;
    const x = Math.round(this.x(at));
    context.fillStyle = palette.accent;
    context.fillRect(x, AXIS_HEIGHT - 6, 1.5, height);
    context.beginPath();
    context.moveTo(x - 4, AXIS_HEIGHT - 8);
    context.lineTo(x + 5.5, AXIS_HEIGHT - 8);
    context.lineTo(x + 0.75, AXIS_HEIGHT - 1);
    context.fill();
  }
}
