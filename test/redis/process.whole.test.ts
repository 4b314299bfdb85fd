/** Connections keep a process alive as long as somebody waits, and no longer; and they say nothing. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../support/memory-process.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const inProcess = (script: string, url = server.url) =>
  run(`
    import { RedisPartition } from "./dist/redis/partition.js";
    import { systemClock } from "./dist/memory/system-clock.js";
    const partition = new RedisPartition({ source: "${url}", clock: systemClock, pauseMs: 15_000 });
    const connect = () => new Promise((up) => partition.uplink.open({ up, down() {}, receive() {} }));
    ${script}`);

const silently = (stdout = "") => ({ code: 0, stdout, stderr: "" });

describe("a process ends by itself", () => {
  test("when it has not connected", async () => {
    expect(await inProcess("")).toEqual(silently());
  });

  test("while it connects", async () => {
    expect(await inProcess("connect();")).toEqual(silently());
  });

  test("when it is connected, is subscribed, leads and reads", async () => {
    const script = `
      partition.keepAlive(true);
      await connect();
      await partition.uplink.subscribe("s");
      await partition.lease.claim("me");
      partition.store.read("0-0", 3_600_000).catch(console.log);
      await partition.store.position();
      partition.keepAlive(false);
      console.log("done");`;
    expect(await inProcess(script)).toEqual(silently("done\n"));
  });

  test("when nobody is there to connect to", async () => {
    const script = `
      const down = new Promise((down) => partition.uplink.open({ up() {}, down, receive() {} }));
      const timer = setTimeout(() => {}, 3_600_000);
      console.log((await down).name);
      clearTimeout(timer);`;
    expect(await inProcess(script, "redis://127.0.0.1:1")).toEqual(
      silently("BackendUnavailableError\n"),
    );
  });

  test("after a question was answered", async () => {
    const script = `console.log(await partition.views.locked("api"));`;
    expect(await inProcess(script)).toEqual(silently("false\n"));
  });

  test("after it was closed in the midst of everything", async () => {
    const script = `
      partition.keepAlive(true);
      await connect();
      const asked = [
        partition.store.read("0-0", 3_600_000),
        partition.uplink.append({ session: "s", number: 1, seen: 0, commands: "[]" }),
        partition.uplink.report("s", []),
        partition.views.stats({ limit: 1 }),
      ];
      partition.close();
      const names = (await Promise.allSettled(asked)).map(({ reason }) => reason.name);
      console.log(new Set(names));`;
    expect(await inProcess(script)).toEqual(silently("Set(1) { 'ClosedError' }\n"));
  });
});

describe("a process stays alive", () => {
  test("for an answer that somebody waits for, until it is clear that none comes", async () => {
    const script = `
      const failure = await partition.views.locked("api").catch(({ name }) => name);
      console.log(failure);`;
    expect(await inProcess(script, "redis://127.0.0.1:1")).toEqual(
      silently("BackendUnavailableError\n"),
    );
  });

  test("while it connects, if it is told so", async () => {
    const script = `
      partition.keepAlive(true);
      await connect();
      console.log("up");
      partition.keepAlive(false);`;
    expect(await inProcess(script)).toEqual(silently("up\n"));
  });
});
