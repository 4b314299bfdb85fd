/** What operators ask of a fleet, and change in it: `slotstream stats`, `holders`, `waiters`, `revoke`, `resize`. */

import { describe, expect, test } from "vitest";
import { Fleet, HOLD, withRedis } from "./fleet.js";
import { slotstream } from "./support.js";

withRedis();

/** "deploy" is held, and somebody waits. */
async function busy() {
  const fleet = new Fleet();
  const holder = fleet.start(["run", "--name", "deploy", "--ttl", "1h", ...HOLD]);
  await holder.said(/holding/);
  const waiter = fleet.start(["run", "--name", "deploy", "--max-wait", "1h", ...HOLD]);
  await fleet.until("deploy", { held: 1, queued: 1 });
  return { fleet, holder, waiter };
}

describe("stats", () => {
  test("for people and for programs", async () => {
    const { fleet } = await busy();
    expect(await fleet.run(["stats"])).toEqual({
      status: 0,
      stdout: "NAME    HELD  SLOTS   FULL  WAITING\ndeploy     1      1  100 %        1\n",
      stderr: "",
    });
    const row = { name: "deploy", acquiredSlots: 1, maxSlots: 1, acquiredPercent: 100, queued: 1 };
    expect(await fleet.ask("stats")).toEqual({ status: 0, json: [row] });
    expect(await fleet.ask("stats", "deploy", "deplay")).toEqual({ status: 1, json: [row] });
  });

  test("of a fleet that does nothing, which stays as it is", async () => {
    const fleet = new Fleet();
    expect(await fleet.run(["stats"])).toEqual({
      status: 0,
      stdout: "",
      stderr: "slotstream: no semaphore is in use.\n",
    });
    expect(await fleet.run(["stats", "--json"])).toEqual({ status: 0, stdout: "[]\n", stderr: "" });
    expect(await fleet.run(["stats", "nobody"])).toEqual({
      status: 1,
      stdout: "",
      stderr: 'slotstream: not in use: "nobody".\n',
    });
    expect(await fleet.cli("KEYS", `*${fleet.namespace}:*`)).toBe("");
  });
});

test("holders and waiters, for people and for programs", async () => {
  const { fleet } = await busy();
  const [held, waiting] = await Promise.all([
    fleet.run(["holders", "deploy"]),
    fleet.run(["waiters", "deploy"]),
  ]);
  expect(held).toMatchObject({ status: 0, stderr: "" });
  expect(held.stdout).toMatch(
    /^SLOT {2}GRANTED +EXPIRES +TOKEN +ID +METADATA\n +0 {2}(now|.* ago) +in (59 min \d+ s|1 h 0 min) +\d+ {2}\S+ {2}host=.* pid=\d+ command=sh\n$/,
  );
  expect(waiting).toMatchObject({ status: 0, stderr: "" });
  expect(waiting.stdout).toMatch(
    /^POSITION {2}QUEUED +GIVES UP +ID +METADATA\n +1 {2}(now|.* ago) +in (59 min \d+ s|1 h 0 min) +\S+ {2}host=/,
  );
  const [holders, waiters] = await Promise.all([
    fleet.ask("holders", "deploy"),
    fleet.ask("waiters", "deploy"),
  ]);
  expect(holders).toMatchObject({ status: 0, json: [{ slotNumber: 0, revoked: false }] });
  expect(waiters).toMatchObject({ status: 0, json: [{ position: 1 }] });
});

test.each([["holders"], ["waiters"]])("%s of what is not in use: status 1", async (command) => {
  expect(await new Fleet().run([command, "deploy"])).toEqual({
    status: 1,
    stdout: "",
    stderr: 'slotstream: "deploy" is not in use. slotstream stats shows what is.\n',
  });
});

describe("revoke", () => {
  test("by force gives the slot to the next at once, and tells the one that had it", async () => {
    const { fleet, holder, waiter } = await busy();
    const { json } = await fleet.ask("holders", "deploy");
    const [{ id }] = Array.isArray(json) ? json : [];
    expect(await fleet.run(["revoke", id, "--force"])).toEqual({
      status: 0,
      stdout: "revoked: its slot is free, or its place in the queue given up.\n",
      stderr: "",
    });
    await waiter.said(/holding/);
    expect((await holder.ended()).status).toBe(143);
  });

  test("of what nobody knows: status 1", async () => {
    const { status, stdout, stderr } = await new Fleet().run(["revoke", "a-1", "--force"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe('slotstream: nothing to revoke: "a-1" neither holds nor waits.\n');
  });
});

describe("resize", () => {
  test("lets more in", async () => {
    const { fleet, waiter } = await busy();
    expect(await fleet.run(["resize", "deploy", "2"])).toEqual({
      status: 0,
      stdout: '"deploy" has 2 slots now.\n',
      stderr: "",
    });
    await waiter.said(/holding/);
    expect(await fleet.ask("resize", "deploy", "2")).toEqual({
      status: 0,
      json: { name: "deploy", value: 2, resized: false },
    });
  });

  test("of what is not in use: status 1", async () => {
    expect(await new Fleet().run(["resize", "deploy", "2"])).toMatchObject({
      status: 1,
      stdout: "",
      stderr: 'slotstream: "deploy" is not in use. slotstream stats shows what is.\n',
    });
  });
});

const COMMANDS = [
  [["stats"]],
  [["holders", "deploy"]],
  [["waiters", "deploy"]],
  [["revoke", "a-1"]],
  [["resize", "deploy", "2"]],
];

describe("Redis out of reach: status 69", () => {
  test.each(COMMANDS)("%j", async (args) => {
    const result = await slotstream([...args, "--redis", "redis://127.0.0.1:1"]);
    expect(result).toMatchObject({ status: 69, stdout: "" });
    expect(result.stderr).toMatch(/^slotstream: .*ECONNREFUSED 127\.0\.0\.1:1.*\n$/);
  });
});

describe("Redis that refuses: status 78", () => {
  test.each(COMMANDS)("%j", async (args) => {
    const url = new Fleet().url.replace("//", "//nobody:wrong@");
    const result = await slotstream([...args, "--redis", url]);
    expect(result).toMatchObject({ status: 78, stdout: "" });
    expect(result.stderr).toMatch(/^slotstream: Redis refused the user or the password: .*\n$/);
  });
});

describe("help", () => {
  test.each([
    ...[["stats"], ["holders"], ["waiters"], ["why"], ["history"], ["replay"], ["export"]],
    ...[["import"], ["verify"], ["revoke"], ["resize"], ["reconciler"]],
  ])("%s shows options, an example and exit statuses", async (command) => {
    const { status, stdout, stderr } = await slotstream([command, "--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const option of ["--redis <url>", "--namespace <name>", "--json"]) {
      expect(stdout).toContain(option);
    }
    expect(stdout).toContain("SLOTSTREAM_REDIS_URL");
    expect(stdout).toMatch(/\nExamples?:\n/);
    for (const number of [64, 78]) expect(stdout).toContain(` ${number}  `);
    expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test("lists all commands, one line each", async () => {
    const { stdout } = await slotstream(["--help"]);
    const [, listed = ""] = stdout.split("Commands:\n");
    const names = [...listed.matchAll(/^ {2}(\w+).* {2}\S/gm)].map(([, name]) => name);
    expect(names).toEqual([
      ...["run", "stats", "holders", "waiters", "watch", "why", "history", "replay"],
      ...["export", "import", "verify", "inspect", "machine", "revoke", "resize", "reconciler"],
    ]);
  });
});
