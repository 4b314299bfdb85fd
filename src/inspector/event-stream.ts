/**
 * Server-sent events to one reader. What comes at once goes out together, and a reader that does not read makes who
 * writes wait: nothing piles up here.
 */

import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";

/** A message of entries is hardly longer, in characters. */
const MESSAGE_LENGTH = 256 * 1024;

export class EventStream {
  private lines: string[] = [];
  private length = 0;
  private last = 0;
  private flushing: NodeJS.Immediate | undefined = undefined;

  constructor(private readonly response: ServerResponse) {}

  /** The reader takes nothing more for now. */
  get isFull(): boolean {
    return this.response.writableNeedDrain;
  }

  /**
   * Takes the entry once there is room for it; `false` if the signal aborted before there was.
   *
   * @param line of an export
   * @param seq of the last event up to there: who has it can go on behind it
   */
  async entry(line: string, seq: number, signal: AbortSignal): Promise<boolean> {
    await this.room(signal);
    if (signal.aborted) return false;
    this.lines.push(`data: ${line}\n`);
    this.length += line.length;
    this.last = seq;
    if (this.length < MESSAGE_LENGTH) {
      this.flushing ??= setImmediate(() => this.flush());
      return true;
    }
    this.flush();
    // Others shall have their turn while a long history is read.
    await nextTurn();
    return true;
  }

  /** Resolves when the reader takes more, or the signal aborts. */
  async room(signal: AbortSignal): Promise<void> {
    const { response } = this;
    if (!response.writableNeedDrain || response.destroyed || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off("drain", done);
        response.off("close", done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      response.on("drain", done);
      response.on("close", done);
      signal.addEventListener("abort", done);
    });
  }

  /** Behind all entries so far. */
  event(name: string, data: object): void {
    this.flush();
    this.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Says nothing, but that the connection is alive. */
  keepAlive(): void {
    this.write(":\n\n");
  }

  end(): void {
    this.flush();
    this.response.end();
  }

  private flush(): void {
    clearImmediate(this.flushing);
    this.flushing = undefined;
    if (this.lines.length === 0) return;
    const text = `event: entries\nid: ${this.last}\n${this.lines.join("")}\n`;
    this.lines = [];
    this.length = 0;
    this.write(text);
  }

  private write(text: string): void {
    if (!this.response.writableEnded && !this.response.destroyed) this.response.write(text);
  }
}
