/** Lines that came and were not taken yet. Who reads them waits while too many stand here: that slows the sender down. */

import type { HasTime } from "../model/budget.js";

/** So many characters may wait to be taken. */
const ROOM = 4_000_000;

export class Ingest {
  private lines: string[] = [];
  private next = 0;
  private size = 0;
  private waiting: (() => void)[] = [];

  add(lines: readonly string[]): void {
    for (const line of lines) {
      this.lines.push(line);
      this.size += line.length;
    }
  }

  /** How many lines wait. */
  get length(): number {
    return this.lines.length - this.next;
  }

  get isEmpty(): boolean {
    return this.next === this.lines.length;
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    if (this.size < ROOM) return;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Gives out lines for as long as there is time. */
  drain(take: (line: string) => void, hasTime: HasTime): void {
    while (!this.isEmpty && hasTime()) {
      const line = this.lines[this.next++] ?? "";
      this.size -= line.length;
      take(line);
    }
    if (this.isEmpty) this.clear();
    else if (this.size < ROOM) this.wake();
  }

  clear(): void {
    this.lines = [];
    this.next = 0;
    this.size = 0;
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
