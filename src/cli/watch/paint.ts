/** Colours, where they are wanted. */

export type Style = "title" | "faint" | "chosen" | "calm" | "busy" | "alarming";

/** The text as it is to be written; it takes as many columns as before. */
export type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, string>> = {
  title: "1",
  faint: "2",
  chosen: "7",
  calm: "32",
  busy: "33",
  alarming: "1;31",
};

export const plain: Paint = (_style, text) => text;

export const coloured: Paint = (style, text) =>
  text === "" ? "" : `\u001b[${CODES[style]}m${text}\u001b[0m`;

/** As no-color.org and force-color.org have it. */
export function wantsColour(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { FORCE_COLOR, NO_COLOR = "", TERM } = environment;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return NO_COLOR === "" && TERM !== "dumb";
}
