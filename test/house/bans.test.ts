/** Time, chance, timers and the process live in adapters; everything else can be simulated. */

import { describe, expect, test } from "vitest";
import { banned, isAdapter } from "../support/bans.js";
import { sourceFiles } from "../support/sources.js";

test("nothing but the adapters touches the clock, chance, timers or the process", () => {
  const others = sourceFiles().filter(({ path }) => !isAdapter(path));
  expect(others.length).toBeGreaterThan(15);
  expect(others.flatMap(banned)).toEqual([]);
});

test("the adapters are where the outside begins", () => {
  expect(isAdapter("memory/system-clock.ts")).toBe(true);
  expect(isAdapter("session/session.ts")).toBe(false);
  expect(isAdapter("memory.ts")).toBe(false);
});

const found = (text: string) => banned({ path: "core/a.ts", text });

describe("it is noticed", () => {
  test.each([
    ["Date.now();", "Date"],
    ["new Date();", "Date"],
    ["const { now } = Date;", "Date"],
    ["Math.random();", "Math.random"],
    ['Math["random"]();', "Math.random"],
    ["const { random } = Math;", "Math.random"],
    ["setTimeout(f, 1);", "setTimeout"],
    ["const later = { setTimeout };", "setTimeout"],
    ["setInterval(f, 1);", "setInterval"],
    ["setImmediate(f);", "setImmediate"],
    ["queueMicrotask(f);", "queueMicrotask"],
    ["performance.now();", "performance"],
    ["process.nextTick(f);", "process"],
    ["globalThis.process.exit();", "globalThis"],
    ["crypto.randomUUID();", "crypto"],
    ["f(process.env);", "process"],
    ['import { randomUUID } from "node:crypto"; randomUUID();', "randomUUID"],
  ])("%s", (text, what) => {
    expect(found(text)).toEqual([`core/a.ts:1: ${what}`]);
  });

  test.each([
    'import { Worker } from "node:worker_threads";',
    'import process from "node:process";',
    'import { setTimeout } from "node:timers/promises";',
    'import { performance } from "node:perf_hooks";',
    'export { hostname } from "node:os";',
    'const { spawn } = await import("node:child_process");',
  ])("%s", (text) => {
    const [module] = /node:[\w/]+/.exec(text) ?? [];
    expect(found(text)).toContain(`core/a.ts: ${module}`);
  });

  test("with its line", () => {
    expect(found("const a = 1;\n\nprocess.exit();")).toEqual(["core/a.ts:3: process"]);
  });
});

describe("it is not mistaken", () => {
  test.each([
    "Math.max(1, 2);",
    "clock.setTimeout(f, 1);",
    "const clock = { setTimeout: f };",
    "interface Clock { setTimeout(f: () => void): void }",
    "class Clock { setTimeout() {} }",
    "type Timer = ReturnType<typeof setTimeout>;",
    "const at: Date | undefined = undefined;",
    "// Date.now() is not used here",
    'const text = "process.exit()";',
    'import { createHash } from "node:crypto";',
  ])("%s", (text) => {
    expect(found(text)).toEqual([]);
  });
});
