/** `npm run sim` as it is called: a thousand worlds, and the same ones on another Node. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { Summary } from "./runner/sum.js";

const SIM = fileURLToPath(new URL("sim.js", import.meta.url));
const NEWER = "node@22";
/** Brought while the thousand worlds go by. */
const newer = newerNode();

test("a thousand worlds: nothing goes wrong, and every rare path is taken", {
  timeout: 300_000,
}, async () => {
  const { summary, stderr, code } = await simulated(["--seeds", "1000", "--shards", "2"]);
  expect(stderr).toBe("");
  expect(summary).toMatchObject({ seeds: 1000, failed: [], missed: [] });
  expect(code).toBe(0);
});

describe("the same seeds make the same worlds", () => {
  const seeds = ["--seed", "100", "--seeds", "20"];
  let one: Summary;

  beforeAll(async () => {
    one = (await simulated([...seeds, "--shards", "1"])).summary;
  }, 120_000);

  test("again, and however they are shared", { timeout: 120_000 }, async () => {
    const { summary } = await simulated([...seeds, "--shards", "3"]);
    expect(summary).toEqual({ ...one, ...timeOf(summary) });
  });

  test("on a newer Node", { timeout: 180_000 }, async ({ skip }) => {
    const node = await newer;
    if (node === undefined) return skip(`${NEWER} cannot be had here: npx did not bring it.`);
    const { summary } = await simulated([...seeds, "--shards", "2"], node);
    expect(summary).toEqual({ ...one, ...timeOf(summary) });
  });
});

describe("on the command line", () => {
  test("one world can be watched", { timeout: 60_000 }, async () => {
    const { stdout, code } = await run(["--seed", "7", "--trace"]);
    expect(stdout).toMatch(/^ +\d+\.\d{4} {2}-- faults from now on --$/m);
    expect(stdout).toMatch(/^seeds +1, from 7 on$/m);
    expect(code).toBe(0);
  });

  test("what it does not know, it says in a line", { timeout: 60_000 }, async () => {
    const { stdout, stderr, code } = await run(["--speed", "7"]);
    expect(stdout).toBe("");
    expect(stderr).toBe("sim: Unknown option '--speed'. See --help.\n");
    expect(code).toBe(64);
  });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], node = process.execPath): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(node, [SIM, ...args], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

async function simulated(args: readonly string[], node?: string) {
  const ended = await run([...args, "--json"], node);
  const summary: Summary = JSON.parse(ended.stdout);
  return { ...ended, summary };
}

function timeOf({ wallMs, seedsPerSecond }: Summary) {
  return { wallMs, seedsPerSecond };
}

/** Where npx has put it; `undefined` if it cannot be had. */
function newerNode(): Promise<string | undefined> {
  const args = ["--yes", "--prefer-offline", NEWER, "-p", "process.execPath"];
  return new Promise((resolve) => {
    execFile("npx", args, { timeout: 90_000 }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
