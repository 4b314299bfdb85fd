/** `slotstream run --redis`, as a fleet meets it. */

import { describe, expect, test } from "vitest";
import { Fleet, HOLD, NOWHERE, withRedis } from "./fleet.js";
import { deploy, numbers, slotstream, start, temporaryFolder } from "./support.js";

withRedis();

describe("one slot for a fleet", () => {
  test("is held by one process at a time, and the next has it when it comes back", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    const waiter = fleet.start(deploy("--", "sh", "-c", 'echo "$SLOTSTREAM_FENCING_TOKEN"'));
    await fleet.until("deploy", { held: 1, queued: 1 });
    expect(waiter.stdout).toBe("");
    holder.child.stdin?.end("done\n");
    expect(await holder.ended()).toEqual({ status: 0, stdout: "holding\ndone\n", stderr: "" });
    expect(await waiter.ended()).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d{10,}\n$/),
      stderr: "",
    });
    await fleet.until("deploy", { held: 0, queued: 0 });
  });

  test("tells who holds it", async () => {
    const fleet = new Fleet();
    const holder = fleet.start(deploy("--", "/bin/sh", "-c", "echo holding; cat", "secret"));
    await holder.said(/holding/);
    const { json } = await fleet.ask("holders", "deploy");
    const pid = String(holder.child.pid);
    expect(json).toMatchObject([{ slotNumber: 0, metadata: { pid, command: "sh" } }]);
    expect(JSON.stringify(json)).not.toContain("secret");
    holder.child.stdin?.end();
    await holder.ended();
  });

  test("is not waited for with --max-wait 0: status 75", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    expect(await fleet.run(deploy("--max-wait", "0", "--", "echo", "never"))).toEqual({
      status: 75,
      stdout: "",
      stderr: 'slotstream: no slot of "deploy" is free. Try later, or raise --max-wait.\n',
    });
    holder.child.stdin?.end();
    await holder.ended();
    expect(await fleet.run(deploy("--max-wait", "0", "--", "echo", "now"))).toEqual({
      status: 0,
      stdout: "now\n",
      stderr: "",
    });
  });

  test("is waited for only as long as it was said: status 75", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    const { status, stderr } = await fleet.run(deploy("--max-wait", "100ms", "--", "true"));
    expect(status).toBe(75);
    expect(stderr).toMatch(/^slotstream: no slot of "deploy" came free within \d+ ms.*--max-wait/);
    holder.child.kill("SIGTERM");
  });

  test("is no longer waited for when a signal comes", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    const waiter = fleet.start(deploy("--", "echo", "never"));
    await fleet.until("deploy", { held: 1, queued: 1 });
    waiter.child.kill("SIGTERM");
    expect(await waiter.ended()).toEqual({ status: 143, stdout: "", stderr: "" });
    await fleet.until("deploy", { held: 1, queued: 0 });
    holder.child.stdin?.end();
  });

  test("that an operator takes back ends the command: status 143", async () => {
    const fleet = new Fleet();
    const holder = fleet.start(
      deploy("--", "sh", "-c", 'echo "$SLOTSTREAM_ACQUISITION"; exec cat'),
    );
    const [id = ""] = await holder.said(/^\S+(?=\n)/);
    expect(await fleet.ask("revoke", id)).toEqual({
      status: 0,
      json: { id, force: false, revoked: true },
    });
    expect(await holder.ended()).toMatchObject({
      status: 143,
      stderr:
        'slotstream: the slot of "deploy" was lost: an operator revoked it. The command gets SIGTERM.\n',
    });
  });

  test("that an operator no longer lets it wait for: status 75", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    const waiter = fleet.start(deploy("--", "echo", "never"));
    await fleet.until("deploy", { held: 1, queued: 1 });
    const { json } = await fleet.ask("waiters", "deploy");
    const [{ id }] = Array.isArray(json) ? json : [];
    expect((await fleet.run(["revoke", id])).status).toBe(0);
    expect(await waiter.ended()).toEqual({
      status: 75,
      stdout: "",
      stderr: 'slotstream: the place in the queue of "deploy" was lost: an operator revoked it.\n',
    });
    holder.child.stdin?.end();
  });

  test("is not the same with another value: status 64", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    expect(await fleet.run(deploy("--value", "2", "--", "true"))).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(/^slotstream: "deploy" is in use with --value 1, but .* 2\./),
    });
    holder.child.stdin?.end();
  });
});

describe("--each", () => {
  const script =
    'mkdir "$SLOTSTREAM_SLOT" || exit 1; sleep 0.01; rmdir "$SLOTSTREAM_SLOT"; echo "$1"';
  const jobs = (...args: string[]) => ["run", "--name", "jobs", "--value", "3", "--each", ...args];

  test("shares the slots between processes", async () => {
    const fleet = new Fleet();
    const cwd = temporaryFolder();
    const args = jobs("--quiet", "--", "sh", "-c", script, "sh");
    const results = await Promise.all(
      [1, 2].map(() => fleet.run(args, { cwd, input: numbers(20) })),
    );
    for (const { status, stdout, stderr } of results) {
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout.split("\n").sort()).toEqual(["", ...numbers(20).trim().split("\n").sort()]);
    }
  });

  test("with --max-wait 0, its own lines don't keep each other out", async () => {
    const args = jobs("--max-wait", "0", "--quiet", "--", "echo");
    const { status, stdout } = await new Fleet().run(args, { input: numbers(20) });
    expect(status).toBe(0);
    expect(stdout.split("\n")).toHaveLength(21);
  });

  test("with --max-wait 0, what finds no slot has failed: status 75", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    const args = deploy("--each", "--quiet", "--max-wait", "0", "--", "echo");
    expect(await fleet.run(args, { input: "a\nb\n" })).toEqual({
      status: 75,
      stdout: "",
      stderr: ["a", "b"]
        .map(
          (line) =>
            `slotstream: "${line}" failed: no slot of "deploy" is free. Try later, or raise --max-wait.\n`,
        )
        .join(""),
    });
    holder.child.stdin?.end();
  });

  test("ends at once with what would happen to every line", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    const args = deploy("--value", "2", "--each", "--", "echo");
    const { status, stdout, stderr } = await fleet.run(args, { input: numbers(9) });
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(/^slotstream: "deploy" is in use with --value 1, but .*\n$/);
    holder.child.stdin?.end();
  });
});

describe("where Redis is", () => {
  test("may be in the environment", async () => {
    const fleet = new Fleet();
    const env = { SLOTSTREAM_REDIS_URL: fleet.url };
    const args = deploy("--namespace", fleet.namespace, ...HOLD);
    const holder = start(args, { env });
    await holder.said(/holding/);
    expect((await fleet.ask("stats")).json).toMatchObject([{ name: "deploy", acquiredSlots: 1 }]);
    const others = deploy("--max-wait", "0", "--", "true");
    expect((await slotstream(others, { env })).status).toBe(0);
    holder.child.stdin?.end();
  });

  test('is nowhere with --redis ""', async () => {
    const env = { SLOTSTREAM_REDIS_URL: NOWHERE };
    const result = await slotstream(deploy("--redis", "", "--", "echo", "here"), { env });
    expect(result).toEqual({ status: 0, stdout: "here\n", stderr: "" });
  });
});
