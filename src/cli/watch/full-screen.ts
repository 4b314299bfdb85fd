/**
 * The whole terminal, for a while: a screen of its own that is drawn in place, and keys that come one by one.
 * However it ends, the terminal is left as it was found.
 */

import type { ReadStream } from "node:tty";
import stringWidth from "string-width";
import type { Size } from "./model.js";

const ESCAPE = "\u001b[";
/** The alternate screen, no cursor, and nothing wraps: a character wider than we think must not break the picture. */
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l${ESCAPE}2J`;
const LEAVE = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`;
/** Where the terminal does not say how large it is. */
const USUAL: Size = { columns: 80, rows: 24 };

export interface FullScreenListener {
  /** The window has another size, or what was drawn is gone. */
  redraw(): void;
  typed(text: string): void;
  /** Nobody sees it any more. */
  gone(): void;
}

/** What is needed of the terminal that is written to. */
export interface Output {
  /** Not known, or 0, where it does not say. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  write(text: string): unknown;
  on(event: "error" | "resize", listener: () => void): unknown;
  off(event: "error" | "resize", listener: () => void): unknown;
}

export class FullScreen {
  private shown: readonly string[] = [];
  private isEntered = false;

  /** @param input where keys are typed, if that is a terminal as well */
  constructor(
    private readonly output: Output,
    private readonly input: ReadStream | undefined,
    private readonly listener: FullScreenListener,
  ) {}

  get size(): Size {
    const { columns, rows } = this.output;
    return { columns: columns || USUAL.columns, rows: rows || USUAL.rows };
  }

  enter(): void {
    if (this.isEntered) return;
    this.isEntered = true;
    this.shown = [];
    process.once("exit", this.restore);
    this.output.on("error", this.broken);
    this.output.on("resize", this.resized);
    this.input?.setRawMode(true);
    this.input?.on("data", this.typed).on("error", this.broken).on("end", this.broken);
    this.input?.resume();
    this.output.write(ENTER);
  }

  leave(): void {
    if (!this.isEntered) return;
    this.isEntered = false;
    process.off("exit", this.restore);
    this.output.off("resize", this.resized);
    this.input?.off("data", this.typed).pause();
    this.restore();
  }

  /** In one write, and only the lines that have changed. */
  show(lines: readonly string[]): void {
    if (!this.isEntered) return;
    const { columns } = this.size;
    const changed = lines.flatMap((line, row) => {
      if (line === this.shown[row]) return [];
      // Behind a full line the cursor stands on its last character, which would be erased.
      const rest = stringWidth(line) < columns ? `${ESCAPE}K` : "";
      return `${ESCAPE}${row + 1};1H${line}${rest}`;
    });
    this.shown = lines;
    if (changed.length > 0) this.output.write(changed.join(""));
  }

  private readonly restore = (): void => {
    // A terminal that is gone needs no mode any more, and has none.
    harmlessly(() => this.input?.setRawMode(false));
    harmlessly(() => this.output.write(LEAVE));
  };

  private readonly resized = (): void => {
    // What is left of the old picture may stand anywhere.
    this.shown = [];
    this.output.write(`${ESCAPE}2J`);
    this.listener.redraw();
  };

  private readonly typed = (data: Buffer | string): void => this.listener.typed(String(data));

  private readonly broken = (): void => this.listener.gone();
}

function harmlessly(act: () => void): void {
  try {
    act();
  } catch {
    // There is nobody to tell.
  }
}
