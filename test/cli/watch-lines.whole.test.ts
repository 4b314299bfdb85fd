/** `slotstream watch` where nobody sees a terminal, what it refuses, and what it costs Redis. */

import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { Fleet, NOWHERE, withRedis } from "./fleet.js";
import { MAIN, onTerminal, slotstream } from "./support.js";
import { WatchWindow } from "./watch-window.js";

withRedis();

function coordinatorOf({ url, namespace }: Fleet): RedisCoordinator {
  const coordinator = new RedisCoordinator({ url, namespace });
  onTestFinished(() => coordinator.close());
  return coordinator;
}

/** What is watched begins when it is asked for, which nobody else can see: so something happens until it is told. */
async function until(told: Promise<unknown>, happen: () => Promise<unknown>): Promise<void> {
  let isTold = false;
  const watching = told.then(() => {
    isTold = true;
  });
  while (!isTold) await happen();
  await watching;
}

describe("in a pipe, there is a line an event", () => {
  test("as history shows it, until a signal comes", async () => {
    const fleet = new Fleet();
    const deploy = coordinatorOf(fleet).semaphore({ name: "deploy", value: 1 });
    const running = fleet.start(["watch"]);
    await until(running.said(/released .*\n/), () => deploy.use(() => {}));
    running.child.kill("SIGTERM");
    const { status, stdout, stderr } = await running.ended();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const history = await fleet.run(["history"]);
    expect(history.stdout).toContain(stdout);
  });

  test("as JSON, of one semaphore", async () => {
    const fleet = new Fleet();
    const coordinator = coordinatorOf(fleet);
    const [deploy, other] = ["deploy", "other"].map((name) =>
      coordinator.semaphore({ name, value: 1 }),
    );
    const running = fleet.start(["watch", "--json", "--semaphore", "deploy"]);
    await until(running.said(/"released".*\n/), async () => {
      await other?.use(() => {});
      await deploy?.use(() => {});
    });
    running.child.kill("SIGINT");
    const { status, stdout } = await running.ended();
    expect(status).toBe(0);
    const events = stdout.trimEnd().split("\n");
    expect(new Set(events.map((line) => JSON.parse(line).semaphore))).toEqual(new Set(["deploy"]));
    expect((await fleet.run(["history", "--json"])).stdout).toContain(events[0]);
  });

  test.each([
    ["--json", "", " --json"],
    ["a terminal that cannot do more", "env TERM=dumb ", ""],
  ])("on a terminal, too, with %s", async (_with, environment, option) => {
    const fleet = new Fleet();
    const deploy = coordinatorOf(fleet).semaphore({ name: "deploy", value: 1 });
    const where = `--redis ${fleet.url} --namespace ${fleet.namespace}`;
    const running = onTerminal(
      `exec ${environment}${process.execPath} ${MAIN} watch ${where}${option}`,
    );
    await until(running.said(/released/), () => deploy.use(() => {}));
    running.child.stdin?.write("\u0003");
    const { status, stdout } = await running.ended();
    expect(status).toBe(0);
    expect(stdout).not.toContain("\u001b");
  });
});

describe("it refuses, in a line,", () => {
  test("a file", async () => {
    const { status, stdout, stderr } = await slotstream(["watch", "incident.jsonl"]);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(/^slotstream: .*"incident.jsonl" cannot be watched\. .*\n$/);
    expect(stderr).toContain("slotstream history FILE");
    expect(stderr).toContain("slotstream replay FILE");
  });

  test.each([
    ["no Redis", [], 64, /which Redis\? Name it: --redis/],
    ["a URL that is none", ["--redis", "http://x"], 64, /the URL of Redis must be like/],
    ["a short interval", ["--interval", "20ms"], 64, /It must be from 100 ms to 1 min 0 s/],
    ["an empty name", ["--semaphore", ""], 64, /It must not be empty/],
    ["a Redis that is not there", ["--redis", NOWHERE], 69, /ECONNREFUSED/],
  ])("%s", async (_what, args, expected, words) => {
    const { status, stdout, stderr } = await slotstream(["watch", ...args]);
    expect({ status, stdout }).toEqual({ status: expected, stdout: "" });
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/^slotstream: .*\n$/);
  });
});

test("asks Redis for at most 40 commands a second, however much happens", async () => {
  const fleet = new Fleet();
  const coordinator = coordinatorOf(fleet);
  const queue = coordinator.semaphore({ name: "queue", value: 1, heartbeatMaxIntervalMs: 15_000 });
  const waiting = Array.from({ length: 5_000 }, () => queue.acquire());
  for (const promise of waiting) promise.catch(() => {});
  await Promise.race(waiting);
  const busy = coordinator.semaphore({ name: "busy", value: 10 });
  const loops = new AbortController();
  const loop = async () => {
    while (!loops.signal.aborted) await busy.use(() => {});
  };
  const running = Promise.all(Array.from({ length: 20 }, loop));

  const window = new WatchWindow(["--redis", fleet.url, "--namespace", fleet.namespace]);
  await window.shows(/^▸ queue (.*\n)+4999 wait/m);
  const sent = await commandsOf(await addressOfWatch(fleet), fleet.url, 4);
  window.type("q");
  await window.ended();
  loops.abort();
  await running;
  expect(sent.seconds).toBeGreaterThan(3);
  expect(sent.commands / sent.seconds).toBeGreaterThan(4);
  expect(sent.commands / sent.seconds).toBeLessThanOrEqual(40);
});

/** It is the one that connected last. */
async function addressOfWatch(fleet: Fleet): Promise<string> {
  const clients = (await fleet.cli("CLIENT", "LIST")).split("\n");
  const last = clients.filter((line) => line.includes("name=slotstream:commands")).at(-1) ?? "";
  return /addr=(\S+)/.exec(last)?.[1] ?? "";
}

/** What one client sends in about so many seconds, by MONITOR. */
async function commandsOf(
  address: string,
  url: string,
  least: number,
): Promise<{ commands: number; seconds: number }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write("MONITOR\r\n");
  let [first, last, commands] = [Infinity, 0, 0];
  for await (const line of createInterface({ input: socket })) {
    const [, time, source] = /^\+([\d.]+) \[\d+ (\S+)\]/.exec(line) ?? [];
    if (time === undefined) continue;
    first = Math.min(first, Number(time));
    last = Number(time);
    if (source === address) commands++;
    if (last - first > least) break;
  }
  socket.destroy();
  return { commands, seconds: last - first };
}
