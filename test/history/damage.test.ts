/** Whichever byte of an exported history is damaged, the entry that it stands in is named. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { readHistory, writeHistory } from "../../src/history/lines.js";
import { verify } from "../../src/history/verify.js";
import { PATIENT } from "../support/moves.js";
import { longRun } from "./long-run.js";
import { recorded, trimmedTo } from "./recorder.js";

const LINE_FEED = 0x0a;

async function exported(entries: ReturnType<typeof recorded>): Promise<Buffer> {
  const lines: string[] = [];
  for await (const line of writeHistory({}, entries)) lines.push(line);
  return Buffer.from(lines.join("\n"));
}

const all = recorded(longRun(2, 11), { perEntry: 2, checkpointEvery: 6 });
const files = await Promise.all([exported(all), exported(trimmedTo(all, 1))]);

async function firstProblem(file: Buffer) {
  const { entries } = await readHistory(file.toString().split("\n"));
  return verify(entries);
}

test("without damage, nothing is", async () => {
  for (const file of files) expect(await firstProblem(file)).toMatchObject({ ok: true });
});

test("a byte that is another one", PATIENT, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0x20, max: 0x7e })),
      async (file, where, byte) => {
        const header = file.indexOf(LINE_FEED) + 1;
        const place = header + Math.floor(where * (file.length - header));
        const endsLine = byte === LINE_FEED && file[place - 1] === LINE_FEED;
        fc.pre(file[place] !== byte && file[place] !== LINE_FEED && !endsLine);
        const line = file.subarray(0, place).toString().split("\n").length;
        const damaged = Buffer.from(file);
        damaged[place] = byte;
        const { ok, problem, entries } = await firstProblem(damaged);
        expect({ ok, line: problem?.line, entries }).toEqual({
          ok: false,
          line,
          entries: line - 2,
        });
      },
    ),
    { numRuns: 2_000 },
  );
});
