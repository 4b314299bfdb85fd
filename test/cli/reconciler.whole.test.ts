/** `slotstream reconciler`, as who keeps it running meets it. */

import { describe, expect, onTestFinished, test } from "vitest";
import { startRedis } from "../support/redis-server.js";
import { Fleet, pretender, withRedis } from "./fleet.js";
import { slotstream, start } from "./support.js";

withRedis();

const LEADING = /^\S+Z leading, epoch (\d+), \d+ commits?$/m;
const STANDING_BY = /^\S+Z standing by, 0 commits$/m;

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "%s makes it hand over to one that stands by, and end with status 0",
  async (signal) => {
    const fleet = new Fleet();
    const first = fleet.start(["reconciler", "--health-interval", "0"]);
    await first.said(LEADING);
    const second = fleet.start(["reconciler", "--health-interval", "0"]);
    await second.said(STANDING_BY);
    first.child.kill(signal);
    await second.said(LEADING);
    const { status, stdout, stderr } = await first.ended();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.match(/^.*$/gm)?.filter(Boolean)).toHaveLength(1);
    second.child.kill(signal);
    expect(await second.ended()).toMatchObject({ status: 0, stderr: "" });
    expect(await fleet.cli("EXISTS", `{${fleet.namespace}:0}:leader`)).toBe("0");
  },
);

test("decides for those that acquire, and counts its commits", async () => {
  const fleet = new Fleet();
  const reconciler = fleet.start(["reconciler", "--health-interval", "20ms"]);
  await reconciler.said(LEADING);
  expect((await fleet.run(["run", "--name", "deploy", "--", "echo", "ran"])).stdout).toBe("ran\n");
  const [, epoch] = await reconciler.said(/leading, epoch (\d+), [1-9]\d* commits?$/m);
  expect(Number(epoch)).toBeGreaterThan(1e15);
  reconciler.child.kill("SIGTERM");
  expect((await reconciler.ended()).status).toBe(0);
});

test.each([
  ["as long as it says", ["--failover-pause", "40s"], "40000"],
  ["15 seconds unless it says otherwise", [], "15000"],
])("after a restart of Redis grants shall pause %s", async (_what, options, pauseMs) => {
  const fleet = new Fleet();
  const reconciler = fleet.start(["reconciler", ...options]);
  await reconciler.said(LEADING);
  expect(await fleet.cli("HGET", `{${fleet.namespace}:0}:meta`, "pauseMs")).toBe(pauseMs);
  reconciler.child.kill("SIGTERM");
  expect((await reconciler.ended()).status).toBe(0);
});

test("keeps as much of the history as it says", async () => {
  const fleet = new Fleet();
  const limits = ["--history-events", "3", "--history-age", "1h"];
  const reconciler = fleet.start(["reconciler", ...limits]);
  await reconciler.said(LEADING);
  const history = `{${fleet.namespace}:0}:history`;
  for (let round = 0; round < 4; round++) {
    await fleet.run(["run", "--name", "deploy", "--", "true"]);
  }
  expect(await fleet.cli("XRANGE", history, "-", "+", "COUNT", "1")).not.toMatch(/^1-1\n/);
  expect(Number(await fleet.cli("XLEN", history))).toBeLessThan(12);
  reconciler.child.kill("SIGTERM");
  expect((await reconciler.ended()).status).toBe(0);
});

test("tells programs in an object a line", async () => {
  const running = new Fleet().start(["reconciler", "--json", "--health-interval", "20ms"]);
  await running.said(/"leading".*\n.*"leading".*\n/);
  running.child.kill("SIGTERM");
  const { stdout } = await running.ended();
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line)).at(-1)).toEqual({
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    role: "leading",
    epoch: expect.any(Number),
    commits: 0,
  });
});

describe("while Redis is out of reach", () => {
  test("it goes on trying, complains once, and says when it is back", async () => {
    const server = await startRedis();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const options = ["--redis", server.url, "--health-interval", "20ms"];
    const [one, two] = [start(["reconciler", ...options]), start(["reconciler", ...options])];
    await Promise.all([one.said(/leading|standing by/), two.said(/leading|standing by/)]);
    await server.stop();
    const isLost = /cannot reach Redis, \d+ commits, for/;
    await Promise.all([one.said(isLost), two.said(isLost)]);
    await server.start();
    const isBack = /(leading, epoch \d+|standing by), \d+ commits?, back after/;
    await Promise.all([one.said(isBack), two.said(isBack)]);
    for (const running of [one, two]) {
      running.child.kill("SIGTERM");
      const { status, stderr } = await running.ended();
      expect(status).toBe(0);
      expect(stderr.match(/goes on trying/g)).toHaveLength(1);
    }
  });

  test("it can be ended", async () => {
    const running = start(["reconciler", "--redis", "redis://127.0.0.1:1"]);
    await running.said(/ECONNREFUSED.* It goes on trying\.\n/);
    running.child.kill("SIGTERM");
    expect(await running.ended()).toMatchObject({ status: 0 });
  });
});

test("a second signal ends it at once", async () => {
  const server = await startRedis();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const running = start(["reconciler", "--redis", server.url]);
  await running.said(LEADING);
  // Nobody answers when it hands over.
  server.pause();
  running.child.kill("SIGINT");
  const again = setInterval(() => running.child.kill("SIGINT"), 10);
  onTestFinished(() => clearInterval(again));
  expect((await running.ended()).status).toBe(null);
  expect(running.child.signalCode).toBe("SIGINT");
});

test("nobody reads what it tells: it ends", async () => {
  const running = new Fleet().start(["reconciler", "--health-interval", "10ms"]);
  await running.said(LEADING);
  running.child.stdout?.destroy();
  expect(await running.ended()).toMatchObject({ status: 141, stderr: "" });
});

describe("what it cannot go on with is one line", () => {
  test("a wrong password: status 78", async () => {
    const url = new Fleet().url.replace("//", "//nobody:wrong@");
    const result = await slotstream(["reconciler", "--redis", url]);
    expect(result).toMatchObject({ status: 78, stdout: "" });
    expect(result.stderr).toMatch(/^slotstream: Redis refused the user or the password: .*\n$/);
  });

  test("somebody else's data under our keys: status 78", async () => {
    const fleet = new Fleet();
    await fleet.cli("SET", `{${fleet.namespace}:0}:meta`, "mine");
    const { status, stderr } = await fleet.run(["reconciler"]);
    expect(status).toBe(78);
    expect(stderr).toMatch(/^slotstream: .*another type.*\n$/);
  });

  test("a server that is too old: status 78", async () => {
    const result = await slotstream(["reconciler", "--redis", await pretender("6.2.14")]);
    expect(result).toMatchObject({ status: 78, stdout: "" });
    expect(result.stderr).toMatch(/^slotstream: the server is Redis 6\.2\.14, but .*\n$/);
  });

  test("a URL that is none: status 64", async () => {
    const result = await slotstream(["reconciler", "--redis", "localhost"]);
    expect(result).toMatchObject({ status: 64, stdout: "" });
  });
});
