/** Text in the columns of a terminal: cut and padded by the width that its characters have there. */

import stringWidth from "string-width";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** So many characters for each column are looked at: a text may be as long as others like. */
const CHARACTERS_A_COLUMN = 16;

/** At most so many columns; where it is cut, it ends with `…`. */
export function cut(text: string, width: number): string {
  if (width <= 0) return "";
  const most = CHARACTERS_A_COLUMN * width;
  const shown = text.length > most ? text.slice(0, most) : text;
  if (stringWidth(shown) <= width && shown.length === text.length) return text;
  let result = "";
  let room = width - 1;
  for (const { segment } of graphemes.segment(shown)) {
    room -= stringWidth(segment);
    if (room < 0) break;
    result += segment;
  }
  return `${result}…`;
}

/** Exactly so many columns. */
export function fill(text: string, width: number, align: "left" | "right" = "left"): string {
  const shown = cut(text, width);
  const space = " ".repeat(Math.max(0, width - stringWidth(shown)));
  return align === "right" ? space + shown : shown + space;
}

/** Rows of cells as lines, each column as wide as its widest cell, up to `most`; the last one as it is. */
export function columns(rows: readonly (readonly string[])[], most: number): string[] {
  const [first = []] = rows;
  const widths = first.map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? "")), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : fill(cell, Math.min(widths[column] ?? 0, most)),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** As many lines as it takes; between words, unless a word is wider than a line. */
export function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    const longer = last === "" ? word : `${last} ${word}`;
    if (last === "" || stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => cut(line, width));
}
