/** Every example of the documentation runs, compiles, and prints what its comments say. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineToMermaid } from "../../src/index.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { runTrace } from "../support/trace.js";
import {
  type Block,
  blocksOf,
  type Ended,
  needsRedis,
  onServer,
  pages,
  promisedLines,
  UserProject,
} from "./blocks.js";
import { aclLine } from "./permissions.js";

const project = new UserProject();
let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
  await redis.cli(...aclLine().split(" "));
});

afterAll(async () => {
  project[Symbol.dispose]();
  await redis[Symbol.asyncDispose]();
});

const blocks = pages().flatMap(blocksOf);
const written = (language: string) => blocks.filter((block) => block.language === language);

test("every block says what it is, and there is something to run", () => {
  const known = ["js", "ts", "trace", "json", "sh", "text", "mermaid"];
  expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([]);
  expect(written("js").length).toBeGreaterThan(10);
  expect(written("ts").length).toBeGreaterThan(0);
  expect(written("js").filter(needsRedis).length).toBeGreaterThan(5);
});

describe("JavaScript", () => {
  test.each(written("js"))("$place", async ({ place, code }) => {
    const file = `${nameOf(place)}.js`;
    project.write(file, onServer(code, redis));
    keepsItsPromises(await project.node(file), code);
  });
});

describe("TypeScript", () => {
  let compiled: Ended;

  beforeAll(async () => {
    for (const { place, code } of written("ts")) {
      project.write(`${nameOf(place)}.ts`, onServer(code, redis));
    }
    const types = { types: ["node"], lib: ["ES2023", "ESNext.Disposable"] };
    const modules = { module: "NodeNext", target: "ES2022", moduleDetection: "force" };
    const compilerOptions = { strict: true, noEmitOnError: true, outDir: "out", rootDir: "." };
    project.write(
      "tsconfig.json",
      JSON.stringify({
        compilerOptions: { ...compilerOptions, ...types, ...modules },
        include: ["*.ts"],
      }),
    );
    compiled = await project.tsc("-p", ".");
  });

  test("compiles, for a user who is strict", () => {
    expect(compiled).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test.each(written("ts"))("$place", async ({ place, code }) => {
    keepsItsPromises(await project.node(`out/${nameOf(place)}.js`), code);
  });
});

test.each(written("trace"))("the trace of $place", ({ code }) => {
  expect(runTrace(code)).toBe(code);
});

test("the diagrams are those of the machine", () => {
  expect(written("mermaid").map(({ code }) => code)).toEqual([machineToMermaid()]);
});

test.each(written("json"))("each line of $place is JSON", ({ code }) => {
  for (const line of code.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
});

function nameOf(place: Block["place"]): string {
  return place.replaceAll(/[/:]/g, "-");
}

/** Ends well, complains of nothing, and prints the promised lines in their order. */
function keepsItsPromises({ code, stdout, stderr }: Ended, source: string): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const promised = promisedLines(source);
  const printed = stdout.split("\n").filter((line) => promised.includes(line));
  expect({ stdout, lines: printed }).toEqual({ stdout, lines: promised });
}
