/**
 * A terminal as `slotstream watch` needs one: shows what was written, and knows how it was left. Whatever it is told and
 * does not know is an error.
 */

import stringWidth from "string-width";

const ESCAPE = "\u001b";
const SEQUENCE = new RegExp(`^${ESCAPE}\\[(\\??)([\\d;]*)([A-Za-z])`, "u");
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

class Page {
  row = 0;
  column = 0;
  readonly rows = new Map<number, string[]>();

  /** Its lines, without blanks at their ends. */
  get text(): string {
    const last = Math.max(-1, ...this.rows.keys());
    const lines = Array.from({ length: last + 1 }, (_, row) => (this.rows.get(row) ?? []).join(""));
    return lines.map((line) => line.trimEnd()).join("\n");
  }

  put(character: string, width: number): void {
    const cells = this.rows.get(this.row) ?? [];
    this.rows.set(this.row, cells);
    while (cells.length < this.column) cells.push(" ");
    cells[this.column] = character;
    for (let i = 1; i < width; i++) cells[this.column + i] = "";
    this.column += width;
  }

  eraseToEnd(): void {
    this.rows.get(this.row)?.splice(this.column);
  }
}

export class VirtualTerminal {
  /** What is shown while no program has the whole screen. */
  readonly main = new Page();
  alternate: Page | undefined = undefined;
  cursor = true;
  wraps = true;
  /** Whether anything was ever coloured. */
  coloured = false;
  private rest = "";
  constructor(
    private columns: number,
    private rows: number,
  ) {}

  /** What is on its way is drawn for the old size, or for one between, as the two numbers change one by one. */
  resize(columns: number, rows: number): void {
    this.columns = Math.max(this.columns, columns);
    this.rows = Math.max(this.rows, rows);
  }

  get text(): string {
    return this.page.text;
  }

  write(text: string): void {
    let left = this.rest + text;
    while (left !== "") {
      const taken = this.take(left);
      if (taken === 0) break;
      left = left.slice(taken);
    }
    this.rest = left;
  }

  private get page(): Page {
    return this.alternate ?? this.main;
  }

  private take(text: string): number {
    if (text.startsWith(ESCAPE)) {
      const [whole, mark, numbers = "", letter = ""] = SEQUENCE.exec(text) ?? [];
      if (whole === undefined) {
        if (text.length > 16) throw new Error(`no terminal knows ${JSON.stringify(text)}`);
        return 0;
      }
      this.obey(`${mark}${letter}`, numbers);
      return whole.length;
    }
    const [{ segment } = { segment: "" }] = graphemes.segment(text.slice(0, 32));
    this.show(segment);
    return segment.length;
  }

  private show(character: string): void {
    const { page } = this;
    for (const part of character) {
      if (part === "\r") page.column = 0;
      if (part === "\n") page.row++;
    }
    if (/^[\r\n]+$/.test(character)) return;
    if (/\p{Cc}/u.test(character))
      throw new Error(`a control character: ${JSON.stringify(character)}`);
    const width = stringWidth(character);
    if (this.alternate && (page.column + width > this.columns || page.row >= this.rows)) {
      throw new Error(`${JSON.stringify(character)} does not fit at ${page.row}:${page.column}`);
    }
    page.put(character, width);
  }

  private obey(command: string, numbers: string): void {
    const { page } = this;
    const [row = 1, column = 1] = numbers.split(";").map(Number);
    switch (command) {
      case "H":
        page.row = row - 1;
        page.column = column - 1;
        return;
      case "K":
        if (page.column >= this.columns)
          throw new Error("erases the last character of a full line");
        page.eraseToEnd();
        return;
      case "J":
        if (numbers !== "2") break;
        page.rows.clear();
        return;
      case "m":
        this.coloured = true;
        return;
      case "?h":
      case "?l":
        this.setMode(numbers, command === "?h");
        return;
    }
    throw new Error(`no terminal knows ${JSON.stringify(command)} with ${numbers}`);
  }

  private setMode(mode: string, isSet: boolean): void {
    if (mode === "1049") this.alternate = isSet ? new Page() : undefined;
    else if (mode === "25") this.cursor = isSet;
    else if (mode === "7") this.wraps = isSet;
    else throw new Error(`no terminal knows the mode ${mode}`);
  }
}
