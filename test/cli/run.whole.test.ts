/** `slotstream run` with one command, as a user meets it. */

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deploy, OCCUPIED, sh, slotstream, temporaryFolder } from "./support.js";

const run = (...args: string[]) => slotstream(deploy(...args));

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
