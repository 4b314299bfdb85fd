/** `slotstream run --redis` where Redis goes away, or cannot be used. */

import { describe, expect, onTestFinished, test } from "vitest";
import { startRedis } from "../support/redis-server.js";
import { Fleet, HOLD, NOWHERE, pretender, withRedis } from "./fleet.js";
import { deploy, slotstream, start } from "./support.js";

withRedis();

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
