/** Files of lines, read and written. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readLines } from "../../src/cli/archive/read-lines.js";
import { writeFile } from "../../src/cli/archive/write-file.js";
import { temporaryFolder } from "./temporary-folder.js";

async function linesOf(content: string | Buffer, name = "a.jsonl"): Promise<string[]> {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  const lines: string[] = [];
  for await (const line of readLines(file)) lines.push(line);
  return lines;
}

describe("lines", () => {
  test.each([
    ["", []],
    ["a", ["a"]],
    ["a\n", ["a"]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["a\n\n\nb", ["a", "", "", "b"]],
    ["\n", [""]],
  ])("of %j", async (text, lines) => {
    expect(await linesOf(text)).toEqual(lines);
    expect(await linesOf(gzipSync(text), "a.jsonl.gz")).toEqual(lines);
  });

  test("longer than what is read at once, with characters that are cut through", async () => {
    const long = ["ä€😀".repeat(50_000), "x", "€".repeat(100_000)];
    expect(await linesOf(long.join("\n"))).toEqual(long);
  });

  test("that gzip has packed under another name are refused", async () => {
    await expect(linesOf(gzipSync("a"))).rejects.toThrow(
      /gzip has packed it\. Pipe it through gunzip, or let its name end with \.gz\.$/,
    );
  });

  test.each([
    ["no gzip", Buffer.from("plain"), /incorrect header check/],
    ["cut off", gzipSync("a".repeat(1_000)).subarray(0, 20), /unexpected end of file/],
    ["nothing", Buffer.alloc(0), /unexpected end of file/],
  ])("of a .gz that is %s", async (_what, content, reason) => {
    await expect(linesOf(content, "a.jsonl.gz")).rejects.toMatchObject({
      code: "HISTORY",
      problem: expect.stringMatching(reason),
    });
  });
});

async function* texts(...all: (string | Error)[]): AsyncGenerator<string> {
  for (const text of all) {
    if (text instanceof Error) throw text;
    yield text;
  }
}

describe("a file", () => {
  const options = () => ({ force: false, signal: new AbortController().signal });

  test("is written whole, in order", async () => {
    const folder = temporaryFolder();
    const parts = Array.from({ length: 1_000 }, (_, i) => `${i} ${"x".repeat(300)}\n`);
    await writeFile(join(folder, "a"), texts(...parts), options());
    await writeFile(join(folder, "a.gz"), texts(...parts), options());
    expect(readFileSync(join(folder, "a"), "utf8")).toBe(parts.join(""));
    expect(gunzipSync(readFileSync(join(folder, "a.gz"))).toString()).toBe(parts.join(""));
    expect(readdirSync(folder).sort()).toEqual(["a", "a.gz"]);
  });

  test("that is there stays, also if it came meanwhile", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "a");
    async function* slowly() {
      yield "ours";
      writeFileSync(file, "theirs");
    }
    const refused = { exitStatus: 73, message: expect.stringContaining("is there already") };
    await expect(writeFile(file, slowly(), options())).rejects.toMatchObject(refused);
    await expect(writeFile(file, texts("more"), options())).rejects.toMatchObject(refused);
    expect(readFileSync(file, "utf8")).toBe("theirs");
    await writeFile(file, texts("ours"), { ...options(), force: true });
    expect(readFileSync(file, "utf8")).toBe("ours");
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  test("takes the place of nothing else: a folder, a device, a pipe", async () => {
    const folder = temporaryFolder();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    for (const [file, force] of [
      [folder, false],
      [folder, true],
      [join(folder, "pipe"), true],
      ["/dev/null", false],
    ] as const) {
      await expect(writeFile(file, texts("ours"), { ...options(), force })).rejects.toMatchObject({
        exitStatus: 73,
        message: expect.stringContaining(`${file} is there, and is no file: it stays as it is.`),
      });
    }
    expect(statSync(join(folder, "pipe")).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(["pipe"]);
  });

  test("that cannot be finished leaves what was there before", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "old"), "old");
    const force = { ...options(), force: true };
    const broken = texts("a".repeat(200_000), new Error("no more"));
    await expect(writeFile(join(folder, "old"), broken, force)).rejects.toThrow("no more");
    await expect(
      writeFile(join(folder, "new.gz"), texts(new Error("none")), force),
    ).rejects.toThrow("none");
    expect(readFileSync(join(folder, "old"), "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["old"]);
  });

  test("is given up when that is asked for", async () => {
    const folder = temporaryFolder();
    const controller = new AbortController();
    async function* endless() {
      for (let i = 0; ; i++) {
        if (i === 10_000) controller.abort();
        yield "x".repeat(100);
      }
    }
    const { signal } = controller;
    await expect(writeFile(join(folder, "a"), endless(), { force: false, signal })).rejects.toThrow(
      /aborted/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
