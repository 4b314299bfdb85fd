/**
 * What `slotstream replay --test` writes: a test for vitest that rebuilds a moment of a history, and says how it was. Who
 * has it edits what it expects into what should have been.
 */

import { basename } from "node:path";
import {
  type HistoryHeader,
  type Moment,
  type Replayed,
  replay,
  type StoredEntry,
  writeHistory,
} from "../../index.js";
import { isGzip, STANDARD_INPUT } from "../archive/read-lines.js";
import { Complaint } from "../complaint.js";
import { NOT_IN_USE } from "../exit-status.js";
import { notInUse } from "../listing.js";
import type { Source } from "../source.js";
import { showTime } from "../time.js";
import { Excerpt } from "./excerpt.js";
import { shown } from "./situation.js";

/**
 * Piece by piece, for what it contains of the history may be long.
 *
 * @throws Complaint before the first piece, if the semaphore was not in use: such a test would expect nothing.
 */
export async function* testFile(
  { header, entries }: Source,
  file: string | undefined,
  moment: Moment,
  semaphore: string | undefined,
): AsyncGenerator<string, void, undefined> {
  if (file === undefined || file === STANDARD_INPUT) {
    const excerpt = new Excerpt(moment);
    const then = await replay(excerpt.of(entries), moment);
    checkInUse(then, semaphore);
    yield IMPORTS;
    yield* embedded(header, excerpt.entries);
    yield testsOf(then, semaphore);
  } else {
    const then = await replay(entries, moment);
    checkInUse(then, semaphore);
    yield `${readsFile(basename(file), isGzip(file))}${testsOf(then, semaphore)}`;
  }
}

function checkInUse(then: Replayed, name: string | undefined): void {
  if (name !== undefined && shown(then, name).length === 0) {
    throw new Complaint(NOT_IN_USE, notInUse(name));
  }
}

const IMPORTS = `import { readHistory, replay, verify } from "slotstream";
import { expect, test } from "vitest";

`;

/** The file stands beside the test. */
function readsFile(name: string, packed: boolean): string {
  const [module, read] = packed
    ? ['import { gunzipSync } from "node:zlib";\n', "gunzipSync(readFileSync(FILE)).toString()"]
    : ["", 'readFileSync(FILE, "utf8")'];
  return `import { readFileSync } from "node:fs";
${module}${IMPORTS}/** What slotstream export has written. */
const FILE = new URL(${JSON.stringify(`./${encodeURIComponent(name)}`)}, import.meta.url);

const history = () => readHistory(${read}.split("\\n"));

`;
}

/** What was exported has more behind it, so its head is not said. */
async function* embedded(
  { namespace, exportedAt }: HistoryHeader,
  entries: readonly StoredEntry[],
): AsyncGenerator<string, void, undefined> {
  yield "/** What slotstream export writes, as far as it is needed. */\nconst LINES = [\n";
  for await (const line of writeHistory({ namespace, exportedAt }, entries)) {
    yield `  ${JSON.stringify(line)},\n`;
  }
  yield "];\n\nconst history = () => readHistory(LINES);\n\n";
}

function testsOf(then: Replayed, name: string | undefined): string {
  const semaphores = shown(then, name);
  const moment = `at ${showTime(then.at)}, after event ${then.seq}`;
  const checks = semaphores.flatMap((semaphore) => [
    "",
    ...(semaphores.length > 1 ? [`  // ${JSON.stringify(semaphore.name)}`] : []),
    ...expectation(`then.holders(${JSON.stringify(semaphore.name)})`, then.holders(semaphore.name)),
    ...expectation(`then.waiters(${JSON.stringify(semaphore.name)})`, then.waiters(semaphore.name)),
  ]);
  const names = name === undefined ? "" : JSON.stringify([name]);
  return [
    'test("the history is whole, and decided as this version would", async () => {',
    "  const { header, entries } = await history();",
    "  expect((await verify(entries, { head: header.head })).problem).toBeUndefined();",
    "});",
    "",
    "// How it was. Edit it into how it should have been.",
    `test(${JSON.stringify(moment)}, async () => {`,
    "  const { entries } = await history();",
    `  const then = await replay(entries, { untilSeq: ${then.seq} });`,
    ...expectation(`[...then.stats(${names})]`, [
      ...then.stats(name === undefined ? undefined : [name]),
    ]),
    ...checks,
    "});",
    "",
  ].join("\n");
}

function expectation(what: string, value: unknown): string[] {
  const [first, ...rest] = JSON.stringify(value, undefined, 2).split("\n");
  return [`  expect(${what}).toEqual(${[first, ...rest.map((line) => `  ${line}`)].join("\n")});`];
}
