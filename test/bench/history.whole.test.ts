/** `npm run bench -- history`, on so little that its figures say nothing: every part of it works. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../../bench/main.js", import.meta.url));

/** What it prints. Rejects if it fails. */
async function history(...parts: string[]): Promise<string> {
  const args = [MAIN, "history", "--small", ...parts];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  expect(stderr).toBe("");
  return stdout;
}

const FIGURE = String.raw` +[\d,.]+`;

test.each([
  ["query", ["in memory", "on Redis"], `${FIGURE} ms${FIGURE} ms`],
  [
    "file",
    ["export", "read", "replay", "verify without decisions", "verify"],
    `${FIGURE} ms${FIGURE}${FIGURE} ms${FIGURE} MB`,
  ],
  [
    "memory",
    ["alone: time", "alone: processor time", "100 loops on 10 slots: time"],
    `${FIGURE} ns${FIGURE} ns +-?[\\d,]+ %`,
  ],
  ["redis", ["the commits", "of it the entries of the history"], `${FIGURE} µs`],
])(
  "measures the part %s",
  async (part, rows, figures) => {
    const printed = await history(part);
    for (const row of rows) expect(printed).toMatch(new RegExp(`^  ${row}${figures}$`, "m"));
  },
  180_000,
);

test("the history is a part of what Redis does", async () => {
  const printed = await history("redis");
  const [commits = 0, entries = 0] = ["the commits", "of it the"].map((row) =>
    Number(new RegExp(`${row}.* ([\\d.]+) µs$`, "m").exec(printed)?.[1]),
  );
  expect(entries).toBeGreaterThan(0);
  expect(entries).toBeLessThan(commits);
}, 180_000);

test("a part that there is not is refused", async () => {
  await expect(history("qeury")).rejects.toMatchObject({
    code: 64,
    stderr: "no such part: qeury. There are: query, file, memory, redis\n",
  });
});
