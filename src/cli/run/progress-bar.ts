/** The bar at the bottom of the terminal while `--each` runs. */

import { clearLine, cursorTo } from "node:readline";
import progress from "cli-progress";
import type { Tally } from "./tally.js";

const BAR_WIDTH = 24;

export class ProgressBar {
  private readonly bars: progress.MultiBar;

  constructor(
    private readonly terminal: NodeJS.WriteStream,
    tally: Tally,
  ) {
    // Not a `SingleBar`: that one ends by going back to where it began, which by then is in the middle of the output.
    this.bars = new progress.MultiBar({
      stream: terminal,
      format: (options) =>
        progressLine(tally, (share) => progress.Format.BarFormat(share, options)),
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: BAR_WIDTH,
      // Cuts the bar at the edge of the terminal, and leaves the wrapping of the output alone.
      linewrap: true,
      clearOnComplete: true,
      forceRedraw: true,
    });
    this.bars.create(1, 0);
  }

  /** Lets something be written above the bar, at once and in whole lines. */
  above(write: () => void): void {
    cursorTo(this.terminal, 0);
    clearLine(this.terminal, 0);
    write();
    this.bars.update();
  }

  remove(): void {
    this.bars.stop();
  }
}

/** E.g. `█████░░░░░ 12 of 24 lines, 1 failed, 4 running`; or `12 of 24+ lines, …` while there may be more to read. */
export function progressLine(tally: Tally, bar: (share: number) => string): string {
  const { read, ended, failed, running, readAll } = tally;
  const counts = readAll
    ? `${bar(ended / Math.max(read, 1))} ${ended} of ${read}`
    : `${ended} of ${read}+`;
  const parts = [`${counts} lines`];
  if (failed > 0) parts.push(`${failed} failed`);
  parts.push(`${running} running`);
  return parts.join(", ");
}
