/** `slotstream run --each`, as a user meets it. */

import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  MAIN,
  onTerminal,
  type RunOptions,
  slotstream,
  start,
  temporaryFolder,
} from "./support.js";

const each = (value: number, ...args: string[]) => [
  ...["run", "--name", "jobs", "--value", String(value), "--each", ...args],
];
/** Runs this shell script for each line, which is its $1. */
const sh = (script: string) => ["--", "sh", "-c", script, "sh"];

const run = (input: string, args: string[], options: RunOptions = {}) =>
  slotstream(args, { ...options, input });
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}\n`).join("");
const sorted = (text: string) => text.split("\n").filter(Boolean).sort();

describe("every line", () => {
  test("takes the place of {}, without a shell", async () => {
    const args = each(1, "--quiet", "--", "printf", "[%s]\n", "{}", "a {} b {}");
    expect(await run("$(id) *\n  x \n", args)).toEqual({
      status: 0,
      stdout: "[$(id) *]\n[a $(id) * b $(id) *]\n[  x ]\n[a   x  b   x ]\n",
      stderr: "",
    });
  });

  test("is the last argument, if there is no {}", async () => {
    const { stdout } = await run("one\ntwo words\n", each(1, "--", "printf", "%s.%s\n", "-n"));
    expect(stdout).toBe("-n.one\n-n.two words\n");
  });

  test("counts, unless it is empty", async () => {
    const { stdout, stderr } = await run("\na\r\n\r\n\nb", each(1, "--", "echo"));
    expect(stdout).toBe("a\nb\n");
    expect(stderr).toMatch(/^slotstream: 2 lines: 2 done, in /);
  });

  test("may be missing: then there is nothing to do", async () => {
    const { status, stdout, stderr } = await run("", each(1, "--", "echo"));
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(stderr).toMatch(/^slotstream: 0 lines: 0 done, in \d+ ms\n$/);
  });

  test("holds a slot of its own, and no more run at a time than there are slots", async () => {
    const folder = temporaryFolder();
    const script = `mkdir "$SLOTSTREAM_SLOT" || exit 1; sleep 0.01; rmdir "$SLOTSTREAM_SLOT"; echo "$SLOTSTREAM_SLOT"`;
    const { status, stdout } = await run(numbers(30), each(3, ...sh(script)), { cwd: folder });
    expect(status).toBe(0);
    expect(new Set(sorted(stdout))).toEqual(new Set(["0", "1", "2"]));
  });

  test("runs beside others", async () => {
    const script =
      'touch "$1"; until [ -e 1 ] && [ -e 2 ] && [ -e 3 ]; do sleep 0.01; done; echo met';
    const { stdout } = await run(numbers(3), each(3, ...sh(script)), { cwd: temporaryFolder() });
    expect(stdout).toBe("met\nmet\nmet\n");
  });

  test("has a higher fencing token than those before it", async () => {
    const script = 'echo "$SLOTSTREAM_FENCING_TOKEN $1"';
    const { stdout } = await run(numbers(9), each(2, ...sh(script)));
    expect(sorted(stdout).map((line) => line.split(" ")[1])).toEqual([..."123456789"]);
  });
});

describe("output", () => {
  test("comes out in whole lines, each on the side where it was written", async () => {
    const script = `
      for i in 1 2 3 4 5; do
        printf "%s of " "$1"; printf "%s warns " "$1" >&2; sleep 0.01
        printf "the %s" "$1"; printf "twice" >&2; sleep 0.01
        printf " in parts\\n"; printf " %s\\n" "$1" >&2
      done`;
    const { status, stdout, stderr } = await run(numbers(12), each(4, "--quiet", ...sh(script)));
    expect(status).toBe(0);
    const [out, err] = [sorted(stdout), sorted(stderr)];
    expect(out.filter((line) => !/^(\d+) of the \1 in parts$/.test(line))).toEqual([]);
    expect(err.filter((line) => !/^(\d+) warns twice \1$/.test(line))).toEqual([]);
    expect([out.length, err.length]).toEqual([60, 60]);
  });

  test("keeps its bytes", async () => {
    const script = "head -c 300000 /dev/urandom | tee copy";
    const folder = temporaryFolder();
    const running = start(each(1, "--quiet", ...sh(script)), { cwd: folder, input: "x" });
    const chunks: Buffer[] = [];
    running.child.stdout?.on("data", (chunk) => chunks.push(chunk));
    expect((await running.ended()).status).toBe(0);
    const copy = readFileSync(join(folder, "copy"));
    expect(Buffer.concat(chunks).subarray(0, copy.length).equals(copy)).toBe(true);
  });

  test("that nobody reads any more ends it, like any command before a | head", async () => {
    const running = start(each(2, "--", "echo"));
    running.child.stdin?.write(numbers(10_000));
    await running.said(/^1$/m);
    running.child.stdout?.destroy();
    const { status, stderr } = await running.ended();
    expect(status).toBe(141);
    expect(stderr).toMatch(
      /^slotstream: ended early: \d+ done.*, the rest was not run, in .*\n(slotstream: .*\n)*$/,
    );
  });

  test("ends a command that goes on writing though nobody reads it", async () => {
    const running = start(each(1, "--quiet", "--", "yes"), { input: "for ever\n" });
    await running.said(/for ever/);
    running.child.stdout?.destroy();
    expect(await running.ended()).toMatchObject({ status: 141, stderr: "" });
  });
});

describe("the end", () => {
  test("is 123 if a command failed, and each failure is told", async () => {
    const script = 'case $1 in 2) exit 7;; 4) kill -9 $$;; esac; echo "$1"';
    const { status, stdout, stderr } = await run(numbers(5), each(2, ...sh(script)));
    expect(status).toBe(123);
    expect(sorted(stdout)).toEqual(["1", "3", "5"]);
    expect(stderr).toContain('slotstream: "2" failed: exit status 7.\n');
    expect(stderr).toContain('slotstream: "4" failed: killed by SIGKILL.\n');
    expect(stderr).toContain("slotstream: 5 lines: 3 done, 2 failed, in ");
  });

  test("tells how long it waited, and who held longest", async () => {
    const script = '[ "$1" = 2 ] && sleep 0.3; exit 0';
    const { stderr } = await run(numbers(3), each(1, ...sh(script)));
    expect(stderr).toMatch(
      /^slotstream: 3 lines: 3 done, in .* m?s\nslotstream: waited for a slot: p50 .* m?s, p99 .* m?s\nslotstream: held a slot longest: .* m?s, for "2"\n$/,
    );
  });

  test("is silent with --quiet, but for what went wrong", async () => {
    const script = '[ "$1" != 2 ]';
    expect(await run(numbers(3), each(1, "--quiet", ...sh(script)))).toEqual({
      status: 123,
      stdout: "",
      stderr: 'slotstream: "2" failed: exit status 1.\n',
    });
  });

  test("is 127 at once if there is no such command", async () => {
    expect(await run(numbers(3), each(2, "--", "no-such-command"))).toEqual({
      status: 127,
      stdout: "",
      stderr: "slotstream: command not found: no-such-command. Is it installed, and in PATH?\n",
    });
  });

  test("is 126 at once if it cannot be run", async () => {
    const [long, nul] = await Promise.all([
      run("x".repeat(200_000), each(1, "--", "echo")),
      run("a\0b\0", each(1, "--", "echo")),
    ]);
    expect(long).toMatchObject({
      status: 126,
      stderr: expect.stringMatching(/arguments are too long/),
    });
    expect(nul).toMatchObject({
      status: 126,
      stderr: expect.stringMatching(/NUL character.*-print0/),
    });
  });

  test("comes after what is running, but nothing more is started", async () => {
    const folder = temporaryFolder();
    const script = "#!/bin/sh\necho started\nuntil [ -e go ]; do sleep 0.01; done\necho ended\n";
    writeFileSync(join(folder, "works"), script, { mode: 0o755 });
    const input = "./works\n./missing\n./works\n./works\n";
    const running = start(each(2, "--", "{}"), { cwd: folder, input });
    await running.said(/started/);
    writeFileSync(join(folder, "go"), "");
    const { status, stdout, stderr } = await running.ended();
    expect({ status, stdout }).toEqual({ status: 127, stdout: "started\nended\n" });
    expect(stderr).toMatch(/^slotstream: ended early: 1 done, the rest was not run, in /);
    expect(stderr).toMatch(/slotstream: command not found: \.\/missing\. Is the path right\?\n$/);
  });
});

describe("input that cannot be read", () => {
  test.each([
    ["is a directory", "/", "r", /it is a directory\. Name a file in it\./],
    ["is open for writing only", "/dev/null", "w", /EBADF/],
  ])("since it %s", async (_why, path, flags, reason) => {
    const fd = openSync(path, flags);
    onTestFinished(() => closeSync(fd));
    const { status, stdout, stderr } = await slotstream(each(1, "--", "echo"), { stdin: fd });
    expect({ status, stdout }).toEqual({ status: 66, stdout: "" });
    expect(stderr).toMatch(/^slotstream: cannot read standard input: .*\n$/);
    expect(stderr).toMatch(reason);
  });
});

describe("a slot that is lost", () => {
  test("ends its command, which has failed then; the others go on", async () => {
    const args = each(2, "--ttl", "2s", ...sh('[ "$1" = 2 ] && exec sleep 1000; echo "$1"'));
    const { status, stdout, stderr } = await run(numbers(3), args);
    expect(status).toBe(123);
    expect(sorted(stdout)).toEqual(["1", "3"]);
    expect(stderr).toMatch(
      /^slotstream: "2" failed: the slot of "jobs" was lost: it was held longer than --ttl\./,
    );
    expect(stderr).toContain("slotstream: 3 lines: 2 done, 1 failed, in ");
  });

  test("is not waited for because of what its command has left behind", async () => {
    const args = each(1, "--ttl", "2s", ...sh("sleep 1000 & echo $!; wait"));
    const { status, stdout } = await run("x\n", args);
    process.kill(Number(stdout), "SIGKILL");
    expect(status).toBe(123);
  });
});

describe("a signal that we get", () => {
  const script = 'sleep 1000 & trap "kill $!; echo told $1; exit 3" TERM; echo "ready $1"; wait';

  test("goes to all commands; nothing more is started", async () => {
    const running = start(each(2, ...sh(script)), { input: numbers(9) });
    await running.said(/ready 1/);
    await running.said(/ready 2/);
    running.child.kill("SIGTERM");
    const { status, stdout, stderr } = await running.ended();
    expect(status).toBe(143);
    expect(sorted(stdout)).toEqual(["ready 1", "ready 2", "told 1", "told 2"]);
    expect(stderr).toMatch(/^slotstream: SIGTERM: nothing more is started, 2 still running\n/);
    expect(stderr).toContain('slotstream: "1" failed: exit status 3.\n');
    expect(stderr).toContain(
      "slotstream: ended early: 0 done, 2 failed, the rest was not run, in ",
    );
  });

  test("is not taken for a failure of the commands that it ends", async () => {
    const running = start(each(2, ...sh("echo ready; exec sleep 1000")), { input: numbers(9) });
    await running.said(/ready\nready/);
    running.child.kill("SIGTERM");
    const { status, stderr } = await running.ended();
    expect(status).toBe(143);
    expect(stderr).toContain(
      "slotstream: ended early: 0 done, 2 interrupted, the rest was not run",
    );
    expect(stderr).not.toContain("failed");
  });

  test("ends us even if a command left something behind that holds its output", async () => {
    const running = start(each(1, ...sh("sleep 1000 & echo $!")), { input: numbers(2) });
    const [pid] = await running.said(/\d+/);
    running.child.kill("SIGTERM");
    expect((await running.ended()).status).toBe(143);
    process.kill(Number(pid), "SIGKILL");
  });

  test("ends us while we wait for more lines", async () => {
    const running = start(each(1, "--", "echo"));
    running.child.stdin?.write("a\n");
    await running.said(/a/);
    running.child.kill("SIGHUP");
    expect((await running.ended()).status).toBe(129);
  });

  /** Holds the only slot of "jobs", and says so when somebody waits for it. */
  const occupied = `
    const semaphore = new MemorySemaphore({ name: "jobs", value: 1 });
    await semaphore.acquire();
    const watch = setInterval(async () => {
      if ((await semaphore.stats()).queued < 2) return;
      clearInterval(watch);
      console.error("two wait");
    }, 5);
    watch.unref();
  `;

  test("ends the waiting for a slot at once", async () => {
    const args = each(1, "--max-wait", "1h", "--", "echo");
    const running = start(args, { input: numbers(5), preload: occupied });
    await running.said(/two wait/);
    running.child.kill("SIGTERM");
    expect(await running.ended()).toEqual({ status: 143, stdout: "", stderr: "two wait\n" });
  });

  test("has no part in it if no slot comes free in time: status 75", async () => {
    const args = each(1, "--quiet", "--max-wait", "50ms", "--", "echo");
    const { status, stdout, stderr } = await run("a\n", args, { preload: occupied });
    expect({ status, stdout }).toEqual({ status: 75, stdout: "" });
    expect(stderr).toMatch(
      /^slotstream: "a" failed: no slot of "jobs" came free within \d+ ms: 1 of 1 were held/,
    );
  });
});

describe("a million lines", () => {
  test("don't wait for a slot all at once", async () => {
    const sampled = `
      const semaphore = new MemorySemaphore({ name: "jobs", value: 2 });
      let most = 0;
      const sample = async () => { most = Math.max(most, (await semaphore.stats()).queued); };
      setInterval(sample, 1).unref();
      process.on("exit", () => console.error("most waiting: " + most));
    `;
    const running = start(each(2, "--quiet", "--", "echo"), { preload: sampled });
    running.child.stdin?.write(numbers(1_000_000));
    await running.said(/^50$/m);
    running.child.kill("SIGTERM");
    const { stderr } = await running.ended();
    expect(Number(/most waiting: (\d+)/.exec(stderr)?.[1])).toBeGreaterThan(0);
    expect(Number(/most waiting: (\d+)/.exec(stderr)?.[1])).toBeLessThanOrEqual(2);
  });
});

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
