/** Where `--each` writes: the output of its commands, what it has to tell, and a progress bar below. */

import { ProgressBar } from "./progress-bar.js";
import type { Tally } from "./tally.js";

export class Screen {
  private bar: ProgressBar | undefined;
  private readonly broken = new Set<NodeJS.WriteStream>();

  /**
   * @param progress what a bar shall show, if standard error is a terminal.
   * @param onBroken called once nobody reads what we write any more, as in `… | head`.
   */
  constructor(progress: Tally | undefined, onBroken: () => void) {
    const { stdout, stderr } = process;
    this.bar = progress && stderr.isTTY ? new ProgressBar(stderr, progress) : undefined;
    for (const stream of [stdout, stderr]) {
      stream.on("error", () => {
        this.broken.add(stream);
        onBroken();
      });
    }
  }

  /** Whole lines of a command's output. Resolves when they are written; with `false` if nobody reads them. */
  readonly toStdout = (bytes: Uint8Array): Promise<boolean> => this.write(process.stdout, bytes);
  readonly toStderr = (bytes: Uint8Array): Promise<boolean> => this.write(process.stderr, bytes);

  /** A line of our own, on standard error. */
  readonly tell = (line: string): void => {
    void this.write(process.stderr, `slotstream: ${line}\n`);
  };

  /** Nothing is to come but what is told at the end. */
  removeBar(): void {
    this.bar?.remove();
    this.bar = undefined;
  }

  private write(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<boolean> {
    if (this.broken.has(stream)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const write = () => stream.write(data, (error) => resolve(!error));
      if (this.bar && stream.isTTY) this.bar.above(write);
      else write();
    });
  }
}
