/** Many moments, one alarm: calls back at each, the earliest first. */

import { Heap, type HeapItem } from "../core/heap.js";
import { LazyAlarm } from "../lazy-alarm.js";
import type { Clock } from "../ports.js";

export class Timer implements HeapItem {
  heapIndex = -1;

  constructor(
    /** In local time. */
    public at: number,
    readonly order: number,
    readonly due: () => void,
  ) {}
}

export class Timers {
  private readonly heap = new Heap<Timer>(
    (a, b) => a.at < b.at || (a.at === b.at && a.order < b.order),
  );
  private readonly alarm: LazyAlarm;
  private made = 0;

  constructor(private readonly clock: Clock) {
    this.alarm = new LazyAlarm(clock, () => this.catchUp());
  }

  start(at: number, due: () => void): Timer {
    const timer = new Timer(at, ++this.made, due);
    this.move(timer, at);
    return timer;
  }

  /** Lets it be due at another time, also after it was stopped or has been due. */
  move(timer: Timer, at: number): void {
    timer.at = at;
    this.heap.put(timer);
    this.schedule();
  }

  stop(timer: Timer | undefined): void {
    if (timer) this.heap.remove(timer);
  }

  keepAlive(wanted: boolean): void {
    this.alarm.keepAlive(wanted);
  }

  /** Calls back what is due, also before the alarm could ring. */
  catchUp(): void {
    const now = this.clock.now();
    for (let first = this.heap.peek(); first && first.at <= now; first = this.heap.peek()) {
      this.heap.remove(first);
      first.due();
    }
    this.schedule();
  }

  private schedule(): void {
    this.alarm.noLaterThan(this.heap.peek()?.at ?? Infinity);
  }
}
