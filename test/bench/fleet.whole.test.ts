/** `npm run fleet`: real processes that are killed, and records in which a forgery is found. */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const FLEET = fileURLToPath(new URL("../../bench/fleet.js", import.meta.url));

function fleet(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [FLEET, ...args], { encoding: "utf8" });
}

describe("a fleet of four for two seconds", () => {
  let run: ReturnType<typeof fleet>;
  let directory = "";

  beforeAll(() => {
    run = fleet("--processes", "4", "--seconds", "2");
    directory = /(?<=^records: ).+$/m.exec(run.stdout)?.[0] ?? "";
  }, 60_000);

  afterAll(() => {
    if (directory) rmSync(directory, { recursive: true });
  });

  test("keeps its promises", () => {
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toContain("no violation");
  });

  test("had something to keep them for", () => {
    const counted = (what: string) =>
      Number(new RegExp(`${what} +([\\d,]+)`).exec(run.stdout)?.[1]?.replaceAll(",", ""));
    expect(counted("processes killed")).toBeGreaterThan(0);
    expect(counted("successions in a slot")).toBeGreaterThan(20);
  });

  test("is found out if its records are tampered with", () => {
    const [client = ""] = readdirSync(directory).filter((file) => file.startsWith("client-"));
    const file = join(directory, client);
    const honest = readFileSync(file, "utf8");
    // Whoever never left was in the way of all who came later.
    writeFileSync(file, honest.replace(/^.*"leave".*\n/m, ""));
    const again = fleet("--check", directory);
    writeFileSync(file, honest);
    expect(again.status).toBe(1);
    expect(again.stdout).toMatch(/VIOLATIONS\n {2}(?:overlap in|.+ never left) slot/);
  });

  test("is believed again when they are put right", () => {
    expect(fleet("--check", directory)).toMatchObject({ status: 0 });
  });
});

test.each([
  ["--seconds", "0", "--seconds must be a whole number"],
  ["--processes", "many", "--processes must be a whole number"],
  ["--reconciler", "none", "--reconciler must be embedded or external"],
])("%s %s is refused", (option, value, words) => {
  const { status, stderr } = fleet(option, value);
  expect(status).toBe(64);
  expect(stderr).toContain(words);
});
