/** What `slotstream run --each` shows on a terminal, and not in a pipe. */

import { describe, expect, test } from "vitest";
import { each, run, sorted } from "./each-support.js";
import { MAIN, numbers, onTerminal } from "./support.js";

describe("on a terminal", () => {
  const command = (...args: string[]) => `${process.execPath} ${MAIN} ${args.join(" ")}`;

  test("a bar shows how far it is, below the output", async () => {
    const running = onTerminal(`seq 5 | ${command(...each(2, "--", "echo", "line"))}`);
    const { status, stdout } = await running.ended();
    expect(status).toBe(0);
    expect(stdout).toMatch(/█+░* [1-4] of 5 lines, [12] running/);
    const above = [...stdout.matchAll(/\[2K(line \d)\r\n/g)].map(([, line]) => line);
    expect(above.sort()).toEqual(["line 1", "line 2", "line 3", "line 4", "line 5"]);
    const end = stdout.slice(stdout.lastIndexOf("lines, "));
    expect(end).toMatch(
      /running.*\[0Jslotstream: 5 lines: 5 done, in .*\r\nslotstream: .*\r\nslotstream: .*\r\n$/s,
    );
  });

  test("there is no bar with --quiet, nor where standard error is a file", async () => {
    const quiet = onTerminal(`seq 5 | ${command(...each(2, "--quiet", "--", "echo"))}`);
    const toFile = onTerminal(`seq 5 | ${command(...each(2, "--", "echo"))} 2>/dev/null`);
    for (const { stdout } of await Promise.all([quiet.ended(), toFile.ended()])) {
      expect(sorted(stdout.replaceAll("\r", ""))).toEqual([..."12345"]);
    }
  });

  test("lines may be typed", async () => {
    const running = onTerminal(command(...each(2, "--", "echo", "got")));
    await running.said(/slotstream: type lines; Ctrl-D ends them/);
    running.child.stdin?.write("hello\n");
    await running.said(/got hello/);
    running.child.stdin?.write("\u0004");
    const { status, stdout } = await running.ended();
    expect(status).toBe(0);
    expect(stdout).not.toContain("░");
    expect(stdout).toContain("slotstream: 1 line: 1 done, in ");
  });

  test("Ctrl-C ends the commands and us", async () => {
    const jobs = command(...each(2, "--", "sh", "-c", "'echo ready; exec sleep 1000'"));
    const running = onTerminal(`sh -c 'seq 9' | ${jobs}`);
    await running.said(/ready.*ready/s);
    running.child.stdin?.write("\u0003");
    const { status, stdout } = await running.ended();
    expect(status).toBe(130);
    expect(stdout).toContain("ended early: 0 done, 2 interrupted, the rest was not run");
  });
});

describe("in a pipe", () => {
  test("there is no bar", async () => {
    const { stdout, stderr } = await run(numbers(5), each(2, "--", "echo"));
    for (const sign of ["█", "░", "\u001b"]) expect(stdout + stderr).not.toContain(sign);
  });
});
