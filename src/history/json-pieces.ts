/**
 * Takes pieces out of JSON as they stand there. Parsing them and writing them anew would change bytes (the order of
 * members that are numbers, escapes, fractions), and with them the hash.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /true|false|null|-?\d[\d.eE+-]*/y;

/** The members of an object, by name, each as the text of its value; `undefined` if the text is no object. */
export function membersOf(text: string): ReadonlyMap<string, string> | undefined {
  const members = new Map<string, string>();
  let at = skip(text, 0);
  if (text[at] !== "{") return undefined;
  at = skip(text, at + 1);
  if (text[at] === "}") return skip(text, at + 1) === text.length ? members : undefined;
  for (;;) {
    const nameEnd = endOfString(text, at);
    const colon = nameEnd < 0 ? -1 : skip(text, nameEnd);
    if (text[colon] !== ":") return undefined;
    const from = skip(text, colon + 1);
    const to = endOfValue(text, from);
    const name = unquoted(text.slice(at, nameEnd));
    if (to < 0 || name === undefined || members.has(name)) return undefined;
    members.set(name, text.slice(from, to));
    at = skip(text, to);
    if (text[at] === "}") return skip(text, at + 1) === text.length ? members : undefined;
    if (text[at] !== ",") return undefined;
    at = skip(text, at + 1);
  }
}

/** Whether the text is one array or object whose end can be found again, wherever it stands in a line. */
export function isPiece(text: string): boolean {
  if (!OPENING.has(text.charCodeAt(0)) || /[\r\n]/.test(text)) return false;
  return endOfValue(text, 0) === text.length;
}

/** What a string of JSON says; `undefined` if it is none. */
export function unquoted(text: string): string | undefined {
  if (text.charCodeAt(0) !== QUOTE) return undefined;
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Behind the value that begins there; -1 if none does. */
function endOfValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return endOfString(text, from);
  return OPENING.has(first) ? endOfNested(text, from) : endOf(SCALAR, text, from);
}

function endOfNested(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at < 0) return -1;
      continue;
    }
    at++;
    if (OPENING.has(code)) depth++;
    else if (CLOSING.has(code) && --depth === 0) return at;
  }
  return -1;
}

function endOfString(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) return -1;
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return -1;
}

function skip(text: string, from: number): number {
  return endOf(SPACE, text, from);
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
