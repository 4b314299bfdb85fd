/** Turns what pointers and wheels do over the lanes into panning, zooming, hovering and clicking. */

export interface Gestures {
  timeAt(x: number): number;
  /** By so many pixels. */
  pan(dx: number, dy: number): void;
  /** Shows `factor` times as long; what is at `x` stays there. */
  zoom(factor: number, x: number): void;
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number): void;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A pointer that moved less than so many pixels has clicked. */
const STILL = 4;

export class Pointers {
  private readonly down = new Map<number, Point>();
  private moved = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly node: HTMLElement,
    private readonly gestures: Gestures,
  ) {
    const { signal } = this.stopping;
    node.addEventListener("pointerdown", (event) => this.press(event), { signal });
    node.addEventListener("pointermove", (event) => this.move(event), { signal });
    node.addEventListener("pointerup", (event) => this.release(event), { signal });
    node.addEventListener("pointercancel", ({ pointerId }) => this.down.delete(pointerId), {
      signal,
    });
    node.addEventListener("pointerleave", () => gestures.leave(), { signal });
    node.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
  }

  stop(): void {
    this.stopping.abort();
  }

  private press(event: PointerEvent): void {
    this.node.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.moved = 0;
  }

  private move(event: PointerEvent): void {
    const to = { x: event.offsetX, y: event.offsetY };
    const from = this.down.get(event.pointerId);
    if (from === undefined) {
      this.gestures.hover(to.x, to.y);
      return;
    }
    this.moved += Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
    const other = [...this.down].find(([id]) => id !== event.pointerId)?.[1];
    this.down.set(event.pointerId, to);
    if (other) this.pinch(from, to, other);
    else if (this.moved > STILL) {
      this.gestures.leave();
      this.gestures.pan(to.x - from.x, to.y - from.y);
    }
  }

  private pinch(from: Point, to: Point, other: Point): void {
    const distance = (point: Point) => Math.max(8, Math.abs(point.x - other.x));
    this.gestures.zoom(distance(from) / distance(to), (to.x + other.x) / 2);
  }

  private release(event: PointerEvent): void {
    const wasAlone = this.down.size === 1;
    this.down.delete(event.pointerId);
    if (wasAlone && this.moved <= STILL) this.gestures.click(event.offsetX, event.offsetY);
  }

  /** The wheel zooms; with shift, and sideways, it pans. */
  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { deltaX, deltaY, shiftKey, altKey } = event;
    if (altKey) this.gestures.pan(0, -deltaY);
    else if (shiftKey || Math.abs(deltaX) > Math.abs(deltaY))
      this.gestures.pan(-(deltaX || deltaY), 0);
    else this.gestures.zoom(1.0015 ** deltaY, event.offsetX);
  }
}
