/** `slotstream run --each`, as a user meets it: lines become commands, and their output comes out whole. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { each, run, sh, sorted } from "./each-support.js";
import { numbers, start, temporaryFolder } from "./support.js";

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
