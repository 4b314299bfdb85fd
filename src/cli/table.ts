/**
 * Aligned columns for people. What needs a library is the width of a character, and it has one; the
 * rest is these lines, fewer than it takes to tell a library of tables that we want no borders.
 */

import stringWidth from "string-width";

export interface Column<Row> {
  readonly title: string;
  /** Numbers are aligned on the right. */
  readonly align?: "right";
  readonly cell: (row: Row) => string;
}

const GAP = "  ";

/** Lines of text: the titles, then the rows. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const padded = columns.map(({ title, align, cell }) => {
    const cells = [title, ...rows.map((row) => printable(cell(row)))];
    const width = cells.reduce((widest, text) => Math.max(widest, stringWidth(text)), 0);
    return cells.map((text) => pad(text, width, align));
  });
  const lines = [undefined, ...rows].map((_, index) =>
    padded
      .map((cells) => cells[index])
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** Names and metadata are other people's texts: none shall move the cursor, or reverse the line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function pad(text: string, width: number, align: "right" | undefined): string {
  const space = " ".repeat(width - stringWidth(text));
  return align === "right" ? space + text : text + space;
}
