/**
 * What happened, line by line: for whoever looks for the cause of a failure, and as a hash, which is the
 * same exactly if the same happened.
 */

import { createHash } from "node:crypto";
import type { Timeline } from "./timeline.js";

const KEPT_LINES = 20_000;

export class Chronicle {
  private readonly lines: string[] = [];
  private readonly faults: string[] = [];
  private readonly digest = createHash("sha256");
  /** Lines that are not in the digest yet: many at once are quicker. */
  private undigested = "";
  /** How many lines there were. */
  length = 0;

  constructor(
    private readonly timeline: Timeline,
    /** Hears every line at once. */
    private readonly onLine: (line: string) => void = () => {},
  ) {}

  note(line: string): void {
    const dated = this.dated(line);
    this.length++;
    this.lines.push(dated);
    if (this.lines.length > 2 * KEPT_LINES) this.lines.splice(0, KEPT_LINES);
    this.undigested += `${dated}\n`;
    if (this.undigested.length > 100_000) this.digestAll();
    this.onLine(dated);
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

  /** Of all lines so far. */
  get hash(): string {
    this.digestAll();
    return this.digest.copy().digest("hex");
  }

  private digestAll(): void {
    this.digest.update(this.undigested);
    this.undigested = "";
  }

  private dated(line: string): string {
    return `${(this.timeline.now / 1000).toFixed(4).padStart(9)}  ${line}`;
  }
}
