/** What is typed, as a terminal in raw mode sends it. */

export type Key = "quit" | "suspend" | "up" | "down" | "pause" | "help";

const MEANINGS: ReadonlyMap<string, Key> = new Map([
  ["q", "quit"],
  ["Q", "quit"],
  ["\u0003", "quit"],
  ["\u001a", "suspend"],
  ["k", "up"],
  ["\u001b[A", "up"],
  ["\u001bOA", "up"],
  ["j", "down"],
  ["\u001b[B", "down"],
  ["\u001bOB", "down"],
  ["p", "pause"],
  [" ", "pause"],
  ["?", "help"],
  ["h", "help"],
]);

/** An escape sequence is one key, whatever its letters mean alone. */
const SEQUENCE = "\u001b(?:\\[[0-9;?]*[ -/]*[@-~]|O[@-~]|[^[O])";
const TYPED = new RegExp(`${SEQUENCE}|[^]`, "gu");

/** In order; what means nothing here is left out. */
export function keysOf(text: string): Key[] {
  return [...text.matchAll(TYPED)].flatMap(([typed]) => MEANINGS.get(typed) ?? []);
}
