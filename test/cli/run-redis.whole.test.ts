/** `slotstream run --redis`, as a fleet meets it. */

import { describe, expect, onTestFinished, test } from "vitest";
import { startRedis } from "../support/redis-server.js";
import { Fleet, HOLD, pretender, withRedis } from "./fleet.js";
import { slotstream, start, temporaryFolder } from "./support.js";

withRedis();

const deploy = (...args: string[]) => ["run", "--name", "deploy", ...args];
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}\n`).join("");
/** A port where nobody listens. */
const NOWHERE = "redis://127.0.0.1:1";

describe("one slot for a fleet", () => {
  test("is held by one process at a time, and the next has it when it comes back", async () => {
    const fleet = new Fleet();
    const holder = fleet.start(deploy(...HOLD));
    await holder.said(/holding/);
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
    const holder = fleet.start(deploy(...HOLD));
    await holder.said(/holding/);
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
    const holder = fleet.start(deploy(...HOLD));
    await holder.said(/holding/);
    const { status, stderr } = await fleet.run(deploy("--max-wait", "100ms", "--", "true"));
    expect(status).toBe(75);
    expect(stderr).toMatch(/^slotstream: no slot of "deploy" came free within \d+ ms.*--max-wait/);
    holder.child.kill("SIGTERM");
  });

  test("is no longer waited for when a signal comes", async () => {
    const fleet = new Fleet();
    const holder = fleet.start(deploy(...HOLD));
    await holder.said(/holding/);
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
    const holder = fleet.start(deploy(...HOLD));
    await holder.said(/holding/);
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
    const holder = fleet.start(deploy(...HOLD));
    await holder.said(/holding/);
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
    const holder = fleet.start(deploy(...HOLD));
    await holder.said(/holding/);
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
    const holder = fleet.start(deploy(...HOLD));
    await holder.said(/holding/);
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

describe("Redis that goes away", () => {
  test("costs the slot, since somebody else may get it: the command gets SIGTERM", async () => {
    const server = await startRedis();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const args = deploy("--redis", server.url, "--", "sh", "-c", "echo holding; exec sleep 1000");
    const holder = start(args);
    await holder.said(/holding/);
    await server.stop();
    const { status, stderr } = await holder.ended();
    expect(status).toBe(143);
    expect(stderr).toMatch(/^slotstream: Redis is not available: .* It goes on trying\.\n/);
    expect(stderr).toContain(
      'slotstream: the slot of "deploy" was lost: nothing was heard of this process for too long. ' +
        "Was Redis out of reach, or the process suspended? The command gets SIGTERM.\n",
    );
  });

  test("is no reason to fail for a command that ends soon after, nor to wait for long", async () => {
    const server = await startRedis();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const holder = start(deploy("--redis", server.url, ...HOLD));
    await holder.said(/holding/);
    await server.stop();
    holder.child.stdin?.end("done\n");
    const askedAt = performance.now();
    expect((await holder.ended()).status).toBe(0);
    // The slot itself comes back 15 s after its last heartbeat.
    expect(performance.now() - askedAt).toBeLessThan(12_000);
  });

  test("and comes back is waited for by who waits", async () => {
    const server = await startRedis({ appendonly: "yes" });
    onTestFinished(() => server[Symbol.asyncDispose]());
    const holder = start(deploy("--redis", server.url, ...HOLD));
    await holder.said(/holding/);
    const waiter = start(deploy("--redis", server.url, "--", "echo", "got it"));
    await waitUntil(async () =>
      (await server.cli("HGET", "{slotstream:0}:semaphores", "deploy")).includes('"queued":1'),
    );
    await server.restart();
    holder.child.stdin?.end();
    expect((await holder.ended()).status).toBe(0);
    expect(await waiter.ended()).toMatchObject({ status: 0, stdout: "got it\n" });
  });
});

describe("Redis that cannot be used is told in one line", () => {
  test.each([[[]], [["--each"]]])("out of reach: status 69 %j", async (mode) => {
    const args = deploy("--redis", NOWHERE, ...mode, "--", "echo", "never");
    const { status, stdout, stderr } = await slotstream(args, { input: "a\n" });
    expect({ status, stdout }).toEqual({ status: 69, stdout: "" });
    expect(stderr).toMatch(/^slotstream: .*ECONNREFUSED 127\.0\.0\.1:1.*\n$/);
  });

  test("that is too old: status 78", async () => {
    const url = await pretender("6.2.14");
    const { status, stderr } = await slotstream(deploy("--redis", url, "--", "echo", "never"));
    expect(status).toBe(78);
    expect(stderr).toMatch(/^slotstream: the server is Redis 6\.2\.14, but .*\n$/);
  });

  test("that is a replica, which cannot be written to: status 69", async () => {
    const [, host = "", port = ""] = /\/\/(.*):(.*)$/.exec(new Fleet().url) ?? [];
    const replica = await startRedis({ replicaof: `${host} ${port}` });
    onTestFinished(() => replica[Symbol.asyncDispose]());
    const args = deploy("--redis", replica.url, "--", "echo", "never");
    const { status, stderr } = await slotstream(args);
    expect(status).toBe(69);
    expect(stderr).toMatch(/^slotstream: .*it is a replica.*\n$/);
  });

  test("that wants a password: status 78", async () => {
    const guarded = await startRedis({ requirepass: "secret" });
    onTestFinished(() => guarded[Symbol.asyncDispose]());
    const at = (secret: string) => guarded.url.replace("//", `//:${secret}@`);
    const run = (url: string) => slotstream(deploy("--redis", url, "--", "echo", "hello"));
    for (const url of [guarded.url, at("wrong")]) {
      const { status, stdout, stderr } = await run(url);
      expect({ status, stdout }).toEqual({ status: 78, stdout: "" });
      expect(stderr).toMatch(/^slotstream: Redis refused the user or the password: .*\n$/);
    }
    expect(await run(at("secret"))).toEqual({ status: 0, stdout: "hello\n", stderr: "" });
  });

  test("that has somebody else's data under our keys: status 78", async () => {
    const fleet = new Fleet();
    await fleet.cli("SET", `{${fleet.namespace}:0}:meta`, "mine");
    const { status, stderr } = await fleet.run(deploy("--", "echo", "never"));
    expect(status).toBe(78);
    expect(stderr).toMatch(/^slotstream: .*another type.*\n$/);
  });
});

async function waitUntil(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue()));
}
