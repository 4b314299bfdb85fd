/** What happened, for whoever looks for the cause of a failure: the faults, and the last lines of all. */

import type { Timeline } from "./timeline.js";

const KEPT_LINES = 20_000;

export class Chronicle {
  private readonly lines: string[] = [];
  private readonly faults: string[] = [];
  /** How many lines there were. */
  length = 0;

  constructor(private readonly timeline: Timeline) {}

  note(line: string): void {
    this.length++;
    this.lines.push(this.dated(line));
    if (this.lines.length > 2 * KEPT_LINES) this.lines.splice(0, KEPT_LINES);
  }

  fault(line: string): void {
    this.faults.push(this.dated(line));
    this.note(`** ${line}`);
  }

  get schedule(): readonly string[] {
    return this.faults;
  }

  last(count: number): readonly string[] {
    return this.lines.slice(-count);
  }

  private dated(line: string): string {
    return `${(this.timeline.now / 1000).toFixed(4).padStart(9)}  ${line}`;
  }
}
