/** How `slotstream run --each` ends: by itself, by a slot that is lost, by a signal. */

import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { each, OCCUPIED, run, sh, sorted } from "./each-support.js";
import { numbers, slotstream, start, temporaryFolder } from "./support.js";

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

  test("ends the waiting for a slot at once", async () => {
    const args = each(1, "--max-wait", "1h", "--", "echo");
    const running = start(args, { input: numbers(5), preload: OCCUPIED });
    await running.said(/enough wait/);
    running.child.kill("SIGTERM");
    expect(await running.ended()).toEqual({ status: 143, stdout: "", stderr: "enough wait\n" });
  });

  test("has no part in it if no slot comes free in time: status 75", async () => {
    const args = each(1, "--quiet", "--max-wait", "50ms", "--", "echo");
    const { status, stdout, stderr } = await run("a\n", args, { preload: OCCUPIED });
    expect({ status, stdout }).toEqual({ status: 75, stdout: "" });
    expect(stderr).toMatch(
      /^slotstream: "a" failed: no slot of "jobs" came free within \d+ ms: 1 of 1 were held/,
    );
  });
});
