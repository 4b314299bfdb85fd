/** `npm run demo`, as a user meets it. */

import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEMO, onTerminal, startNode, temporaryFolder } from "./support.js";

const CHECKOUT = dirname(dirname(DEMO));

const demo = (...args: string[]) => startNode([DEMO, ...args]).ended();

test("thousands of waiters in one fair queue", async () => {
  const { status, stdout, stderr } = await demo();
  expect(status).toBe(0);
  const [, files] = /^Hashing (\d+) files, 4 at a time\.$/m.exec(stdout) ?? [];
  expect(Number(files)).toBeGreaterThanOrEqual(500);
  const all = Number(files).toLocaleString("en");
  expect(stdout).toMatch(new RegExp(`^${all} files, [\\d.]+ MB, in [\\d.]+ m?s$`, "m"));
  expect(stdout).toMatch(/half-way +hash-files: 4 of 4 slots held \(100 %\), [\d,]+ waiting/);
  expect(stdout).toMatch(/at the end +hash-files: 0 of 4 slots held \(0 %\), 0 waiting/);
  expect(stdout).toMatch(/The longest waits\n( +[\d.]+ m?s {2}node_modules\/.*\n){5}/);
  expect(stdout).toMatch(
    /0 ms {2}queued +at place 97 of the queue\n.* m?s {2}held +slot [0-3], fencing token \d+\n.* m?s {2}released\n/,
  );
  expect(stdout).toContain(`Yes: all ${all} grants came in the order of the acquires.`);
  expect(stderr.split("\n")).toHaveLength(5);
  expect(stderr).toContain(`${files} of ${files} files`);
});

test("another value", async () => {
  expect((await demo("--value", "16")).stdout).toMatch(/files, 16 at a time\./);
});

test("a bar on a terminal", async () => {
  const { status, stdout } = await onTerminal(`${process.execPath} ${DEMO}`).ended();
  expect(status).toBe(0);
  expect(stdout).toMatch(/█+░* \d+ of \d+ files/);
});

describe("one clear line for what is wrong", () => {
  test.each([
    ["0", /^demo: value must be a whole number from 1 to 1000000, but is 0\./],
    ["many", /^demo: value must be a whole number from 1 to 1000000, but is NaN\./],
  ])("--value %s", async (value, message) => {
    const { status, stdout, stderr } = await demo("--value", value);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim()).not.toContain("\n");
  });

  test("an unknown option", async () => {
    expect(await demo("--valu", "3")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^demo: Unknown option '--valu'/),
    });
  });

  test("too few files, since npm ci was not run", async () => {
    const checkout = temporaryFolder();
    cpSync(join(CHECKOUT, "examples"), join(checkout, "examples"), { recursive: true });
    cpSync(join(CHECKOUT, "package.json"), join(checkout, "package.json"));
    const { status, stderr } = await startNode([join(checkout, "examples/demo.js")]).ended();
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^demo: .*node_modules has 0 files, but the demo needs 500\. Run: npm ci\n$/,
    );
  });
});
