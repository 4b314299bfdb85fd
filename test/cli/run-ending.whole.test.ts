/** What ends `slotstream run` before its command does: a slot that is lost, or a signal. */

import { describe, expect, test } from "vitest";
import { deploy, MAIN, OCCUPIED, onTerminal, sh, slotstream, start } from "./support.js";

/** A script that nobody can end gently. */
const STUBBORN = 'trap "" TERM; echo ready; exec sleep 1000';

const run = (...args: string[]) => slotstream(deploy(...args));

describe("a slot that is lost", () => {
  test("ends the command with SIGTERM", async () => {
    const { status, stderr } = await run("--ttl", "50", "--", "sleep", "1000");
    expect(status).toBe(143);
    expect(stderr).toBe(
      'slotstream: the slot of "deploy" was lost: it was held longer than --ttl. ' +
        "Raise --ttl, or make the command faster. The command gets SIGTERM.\n",
    );
  });

  test("ends with SIGKILL a command that ignores SIGTERM", async () => {
    const result = await run("--ttl", "2s", "--kill-after", "50ms", ...sh(STUBBORN));
    expect(result).toMatchObject({ status: 137, stdout: "ready\n" });
  });

  test("means failure, even if the command says otherwise", async () => {
    const script = 'sleep 1000 & trap "kill $!; echo tidied; exit 0" TERM; echo ready; wait';
    const { status, stdout } = await run("--ttl", "2s", ...sh(script));
    expect({ status, stdout }).toEqual({ status: 143, stdout: "ready\ntidied\n" });
  });
});

describe("a signal that we get", () => {
  /** Tells which signals it gets; ends with status 9 at the second. */
  const listener = `
    let count = 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        console.log("got " + signal);
        if (++count === 2) process.exit(9);
      });
    }
    setInterval(() => {}, 1e9);
    console.log("ready, child of " + process.ppid);
  `;
  const listening = ["run", "--name", "deploy", "--", process.execPath, "-e", listener];

  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s goes to the command", async (signal) => {
    const running = start(listening);
    await running.said(/ready/);
    running.child.kill(signal);
    await running.said(/got/);
    running.child.kill(signal);
    const { status, stdout } = await running.ended();
    expect(status).toBe(9);
    expect(stdout).toMatch(new RegExp(`got ${signal}\ngot ${signal}\n$`));
  });

  test("is not SIGINT a second time, if the terminal's Ctrl-C has sent it already", async () => {
    const command = [process.execPath, MAIN, ...listening].map((part) => JSON.stringify(part));
    // A shell that stayed would get Ctrl-C as well, and some then end with a status of their own.
    const running = onTerminal(`exec ${command.join(" ").replaceAll("\\n", " ")}`);
    const [, pid] = await running.said(/ready, child of (\d+)/);
    running.child.stdin?.write("\u0003");
    await running.said(/got SIGINT/);
    process.kill(Number(pid), "SIGTERM");
    const { status, stdout } = await running.ended();
    expect(status).toBe(9);
    expect(stdout).toMatch(/got SIGINT\r\ngot SIGTERM\r\n$/);
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGINT", 130],
  ] as const)("%s ends the waiting for a slot at once", async (signal, status) => {
    const args = ["run", "--name", "deploy", "--max-wait", "1h", "--", "echo", "never"];
    const running = start(args, { preload: OCCUPIED });
    await running.said(/enough wait/);
    running.child.kill(signal);
    expect(await running.ended()).toEqual({ status, stdout: "", stderr: "enough wait\n" });
  });
});
