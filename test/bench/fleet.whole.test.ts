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
    const { file, honest, forged } = forgery(directory);
    writeFileSync(file, forged);
    const again = fleet("--check", directory);
    writeFileSync(file, honest);
    expect(again.status).toBe(1);
    expect(again.stdout).toMatch(/VIOLATIONS\n {2}overlap in slot/);
  });

  test("is believed again when they are put right", () => {
    expect(fleet("--check", directory)).toMatchObject({ status: 0 });
  });
});

/** Somebody who came to the same slot twice says that he left it the first time after he came the second time. */
function forgery(directory: string): { file: string; honest: string; forged: string } {
  for (const name of readdirSync(directory)) {
    if (!name.startsWith("client-")) continue;
    const file = join(directory, name);
    const honest = readFileSync(file, "utf8");
    const lines = honest.split("\n");
    const records = lines.map((line) => (line === "" ? {} : JSON.parse(line)));
    for (const second of records.filter(({ type }) => type === "enter")) {
      const first = records.find(
        ({ type, semaphore, slot, at }) =>
          type === "enter" &&
          semaphore === second.semaphore &&
          slot === second.slot &&
          at < second.at,
      );
      const left = records.findIndex(({ type, ask }) => type === "leave" && ask === first?.ask);
      if (left === -1) continue;
      lines[left] = JSON.stringify({ ...records[left], at: second.at + 1 });
      return { file, honest, forged: lines.join("\n") };
    }
  }
  throw new Error("nobody came to the same slot twice");
}

test.each([
  ["--seconds", "0", "--seconds must be a whole number"],
  ["--processes", "many", "--processes must be a whole number"],
  ["--reconciler", "none", "--reconciler must be embedded or external"],
])("%s %s is refused", (option, value, words) => {
  const { status, stderr } = fleet(option, value);
  expect(status).toBe(64);
  expect(stderr).toContain(words);
});
