/** `slotstream run` with one command, as a user meets it. */

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAIN, onTerminal, slotstream, start, temporaryFolder } from "./support.js";

const run = (...args: string[]) => slotstream(["run", "--name", "deploy", ...args]);
const sh = (script: string) => ["--", "sh", "-c", script];

/** A script that nobody can end gently. */
const STUBBORN = 'trap "" TERM; echo ready; exec sleep 1000';

/** Holds the only slot of "deploy", and says so when somebody waits for it. */
const OCCUPIED = `
  const semaphore = new MemorySemaphore({ name: "deploy", value: 1 });
  await semaphore.acquire();
  const watch = setInterval(async () => {
    if ((await semaphore.stats()).queued === 0) return;
    clearInterval(watch);
    console.error("somebody waits");
  }, 5);
  watch.unref();
`;

describe("the command", () => {
  test("is run as it stands, without a shell", async () => {
    const result = await run("--", "printf", "<%s>", "$HOME; *", "--value");
    expect(result).toEqual({ status: 0, stdout: "<$HOME; *><--value>", stderr: "" });
  });

  test("may come without --, for the first word that is no option begins it", async () => {
    expect(await run("echo", "--name", "other", "--", "x")).toMatchObject({
      stdout: "--name other -- x\n",
    });
  });

  test("reads our standard input", async () => {
    const { stdout } = await slotstream(["run", "--name", "x", "--", "cat"], { input: "hello" });
    expect(stdout).toBe("hello");
  });

  test("learns of its slot from the environment", async () => {
    const script = 'echo "$SLOTSTREAM_SLOT $SLOTSTREAM_FENCING_TOKEN $SLOTSTREAM_ACQUISITION"';
    expect((await run(...sh(script))).stdout).toMatch(/^0 \d{10,} \S+-1\n$/);
  });

  test("has done its work when it is told so, with --summary", async () => {
    const { stdout, stderr } = await run("--summary", "--", "echo", "done");
    expect(stdout).toBe("done\n");
    expect(stderr).toMatch(/^slotstream: waited \d+ ms for slot 0 of "deploy", held it \d+ ms\n$/);
  });
});

describe("the exit status", () => {
  test.each([0, 1, 42, 255])("is the command's own: %d", async (status) => {
    expect(await run(...sh(`exit ${status}`))).toEqual({ status, stdout: "", stderr: "" });
  });

  test.each([
    ["SIGKILL", 137],
    ["SIGTERM", 143],
    ["SIGSEGV", 139],
  ])("is 128 + n when %s ended it", async (signal, status) => {
    const kill = `kill -${signal.slice(3)} $$`;
    expect(await run(...sh(kill))).toEqual({ status, stdout: "", stderr: "" });
  });

  test("is 127 when there is no such command", async () => {
    expect(await run("--", "no-such-command")).toEqual({
      status: 127,
      stdout: "",
      stderr: "slotstream: command not found: no-such-command. Is it installed, and in PATH?\n",
    });
    expect((await run("--", "./no/such/path")).status).toBe(127);
    expect((await run("--", "")).status).toBe(127);
  });

  test("is 126 when it cannot be run", async () => {
    const folder = temporaryFolder();
    const script = join(folder, "script");
    writeFileSync(script, "#!/no/such/interpreter\n");
    expect(await run("--", script)).toMatchObject({
      status: 126,
      stderr: expect.stringMatching(/^slotstream: cannot run .*: it is not executable/),
    });
    chmodSync(script, 0o755);
    expect(await run("--", script)).toMatchObject({
      status: 126,
      stderr: expect.stringMatching(/interpreter that its first line names was not found\.\n$/),
    });
    expect(await run("--", folder)).toMatchObject({ status: 126 });
  });

  test("is 75 when no slot comes free in time", async () => {
    const args = ["run", "--name", "deploy", "--max-wait", "50ms", "--", "echo", "never"];
    const result = await slotstream(args, { preload: OCCUPIED });
    expect(result).toMatchObject({ status: 75, stdout: "" });
    expect(result.stderr).toMatch(
      /slotstream: no slot of "deploy" came free within \d+ ms: 1 of 1 were held\. Raise --max-wait, or --value\.\n$/,
    );
  });
});

test("a slot is not waited for with --max-wait 0: status 75", async () => {
  const args = ["run", "--name", "deploy", "--max-wait", "0", "--", "echo"];
  const busy = await slotstream([...args, "never"], { preload: OCCUPIED });
  expect(busy).toMatchObject({
    status: 75,
    stdout: "",
    stderr: 'slotstream: no slot of "deploy" is free. Try later, or raise --max-wait.\n',
  });
  expect(await slotstream([...args, "now"])).toEqual({ status: 0, stdout: "now\n", stderr: "" });
});

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
    await running.said(/somebody waits/);
    running.child.kill(signal);
    expect(await running.ended()).toEqual({ status, stdout: "", stderr: "somebody waits\n" });
  });
});
