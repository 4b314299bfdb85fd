/** Wrong usage of `slotstream run`, and its help. */

import { describe, expect, test } from "vitest";
import { slotstream, start } from "./support.js";

describe("wrong usage is status 64 and one line that says what to do", () => {
  test.each([
    ["no name", ["run", "--", "true"], /^which semaphore\? Name it first: slotstream run --name/],
    [
      "no command",
      ["run", "--name", "x", "--"],
      /^which command\? It comes last: slotstream run --name x/,
    ],
    [
      "an empty name",
      ["run", "--name", "", "--", "true"],
      /^--name must be a string that is not empty/,
    ],
    ["a name without a value", ["run", "--name"], /^option '--name <name>' argument missing/],
    [
      "a value of 0",
      ["run", "--name", "x", "--value", "0", "--", "true"],
      /argument '0' is invalid. It must be a whole number, from 1 on/,
    ],
    [
      "a value that is no number",
      ["run", "--name", "x", "--value", "two", "--", "true"],
      /argument 'two' is invalid. It must be a whole number, from 1 on/,
    ],
    [
      "a value that is too much",
      ["run", "--name", "x", "--value", "1000001", "--", "true"],
      /^--value must be .* to 1000000/,
    ],
    [
      "a time that is none",
      ["run", "--name", "x", "--ttl", "soon", "--", "true"],
      /argument 'soon' is invalid. It must be a time like 500ms/,
    ],
    [
      "a time below 0",
      ["run", "--name", "x", "--max-wait", "-1s", "--", "true"],
      /argument '-1s' is invalid/,
    ],
    [
      "a ttl of 0",
      ["run", "--name", "x", "--ttl", "0", "--", "true"],
      /^--ttl must be a number of milliseconds, at least 1/,
    ],
    [
      "an unknown option",
      ["run", "--nam", "x", "--", "true"],
      /^unknown option '--nam' \(Did you mean --name\?\)/,
    ],
    ["an unknown command", ["rum"], /^unknown command 'rum' \(Did you mean run\?\)/],
  ])("%s", async (_what, args, message) => {
    const { status, stdout, stderr } = await slotstream(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(/^slotstream: .*\n$/);
    expect(stderr.replace("slotstream: ", "")).toMatch(message);
  });

  test("nothing at all shows the help", async () => {
    const { status, stdout, stderr } = await slotstream([]);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(/^Usage: slotstream/);
  });
});

describe("help", () => {
  test("shows every option, examples, exit statuses and the environment", async () => {
    const { status, stdout, stderr } = await slotstream(["run", "--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const option of [
      "name",
      "value",
      "ttl",
      "redis",
      "namespace",
      "max-wait",
      "kill-after",
      "each",
      "summary",
      "quiet",
    ]) {
      expect(stdout).toContain(`--${option}`);
    }
    for (const number of [64, 66, 69, 75, 78, 123, 126, 127])
      expect(stdout).toContain(` ${number}  `);
    for (const name of ["SLOT", "FENCING_TOKEN", "ACQUISITION"]) {
      expect(stdout).toContain(`SLOTSTREAM_${name}`);
    }
    expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test("names the commands", async () => {
    expect((await slotstream(["--help"])).stdout).toMatch(
      /run .*run a command while it holds a slot/,
    );
    expect((await slotstream(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("that nobody reads is no reason for a stack trace", async () => {
    const running = start(["run", "--help"]);
    running.child.stdout?.destroy();
    expect(await running.ended()).toMatchObject({ status: 141, stderr: "" });
  });
});
