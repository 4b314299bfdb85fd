/** `slotstream history`, on files and on a fleet. */

import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { Fleet, withRedis } from "./fleet.js";
import { gapped, halfPacked, INCIDENT, packed } from "./incident.js";
import { MAIN, Running, slotstream } from "./support.js";

withRedis();

const eventsIn = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

async function ask(...args: string[]) {
  const { status, stdout, stderr } = await slotstream(["history", INCIDENT, ...args, "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return eventsIn(stdout);
}

describe("a file", () => {
  test("for people: the time, the number, what happened", async () => {
    const { status, stdout, stderr } = await slotstream(["history", INCIDENT, "--limit", "2"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(
      '2026-11-23T03:00:00.000Z  #1  queued job-0 on deploy value=1 position=1 host="web-1" by 1795402800000-web#1\n' +
        "2026-11-23T03:00:00.000Z  #2  granted job-0 on deploy slot=0 token=1795402800000000\n",
    );
  });

  test("for programs: every event as it is", async () => {
    const events = await ask();
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 309 }, (_, i) => i + 1));
  });

  test("by acquisition, by session, by semaphore, by type", async () => {
    const life = await ask("--acquisition", "batch");
    expect(life.map(({ type }) => type)).toEqual(["queued", "granted", "expired"]);
    const own = await ask("--session", life[0].session, "--type", "queued,granted");
    expect(own.map(({ seq }) => seq)).toEqual(expect.arrayContaining([1, 2, 301, 304]));
    expect(new Set(own.map(({ type }) => type))).toEqual(new Set(["queued", "granted"]));
    const cron = await ask("--semaphore", "cron");
    expect(new Set(cron.map(({ semaphore }) => semaphore))).toEqual(new Set(["cron"]));
  });

  test("between two times, given as date and as milliseconds", async () => {
    const events = await ask("--since", "2026-11-23T03:00:01.5Z", "--until", "1795402802000");
    expect(events.map(({ seq }) => seq)).toEqual([10, 11, 12, 13, 14, 15]);
    // It was exported at 03:02.
    const late = await ask("--since", "69s");
    expect(late.map(({ seq }) => seq)).toEqual([307, 308, 309]);
  });

  test("the newest first, and only so many", async () => {
    const events = await ask("--reverse", "--limit", "3");
    expect(events.map(({ seq }) => seq)).toEqual([309, 308, 307]);
    const all = await ask("--reverse");
    expect([all.length, all.at(-1).seq]).toEqual([309, 1]);
  });

  test("that gzip has packed, and on standard input", async () => {
    const { stdout } = await slotstream(["history", packed()]);
    const { stdout: same } = await slotstream(["history", "-"], {
      input: readFileSync(INCIDENT, "utf8"),
    });
    expect(stdout.split("\n")).toHaveLength(310);
    expect(same).toBe(stdout);
  });

  test("in which nothing fits", async () => {
    expect(await slotstream(["history", INCIDENT, "--acquisition", "nobody"])).toEqual({
      status: 0,
      stdout: "",
      stderr: "slotstream: nothing that is kept fits.\n",
    });
  });

  test("that is damaged is shown up to there: status 65", async () => {
    const { status, stdout, stderr } = await slotstream(["history", halfPacked()]);
    expect({ status, stderr }).toEqual({
      status: 65,
      stderr: expect.stringMatching(
        /^slotstream: .*incident\.jsonl\.gz: what gzip has packed is damaged .*\n$/,
      ),
    });
    expect(stdout.split("\n").length).toBeGreaterThan(50);
  });

  test("with a gap shows what is there: verify tells", async () => {
    const { status, stdout } = await slotstream(["history", gapped(), "--json"]);
    expect(status).toBe(0);
    expect(eventsIn(stdout)).toHaveLength(306);
  });
});

test("a reader that has enough ends it without a word", async () => {
  const script = `"${process.execPath}" "${MAIN}" history "${INCIDENT}" --json | head -n 1`;
  const { status, stdout, stderr } = await new Running(
    spawn("sh", ["-c", `${script}; ${script}`], { stdio: ["ignore", "pipe", "pipe"] }),
  ).ended();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(eventsIn(stdout).map(({ seq }) => seq)).toEqual([1, 1]);
});

test.skipIf(!existsSync("/dev/full"))("a disk that is full: status 73, and a word", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [MAIN, "history", INCIDENT], {
    stdio: ["ignore", full, "pipe"],
  });
  const { status, stderr } = await new Running(child).ended();
  closeSync(full);
  expect({ status, stderr }).toEqual({
    status: 73,
    stderr: expect.stringMatching(
      /^slotstream: cannot write to standard output: the system says: ENOSPC.* What was written is not whole\.\n$/,
    ),
  });
});

describe("a fleet", () => {
  test("is asked as a file is", async () => {
    const fleet = new Fleet();
    await fleet.run(["run", "--name", "deploy", "--", "true"]);
    const typesOf = async (...args: string[]) => {
      const { status, stdout, stderr } = await fleet.run(["history", ...args, "--json"]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      return stdout === "" ? [] : eventsIn(stdout).map(({ type }) => type);
    };
    const life = ["queued", "granted", "released"];
    expect(await typesOf("--semaphore", "deploy", "--since", "10m")).toEqual(life);
    expect(await typesOf("--reverse", "--limit", "1")).toEqual(["left"]);
    expect(await typesOf("--until", "1h")).toEqual([]);
  });

  test("is followed until Ctrl-C", async () => {
    const fleet = new Fleet();
    const { url, namespace } = fleet;
    await using coordinator = new RedisCoordinator({ url, namespace });
    const semaphore = coordinator.semaphore({ name: "deploy", value: 1 });
    await (await semaphore.acquire()).release();
    const following = fleet.start(["history", "--follow", "--semaphore", "deploy"]);
    await following.said(/#\d+ {2}released/);
    const { id } = await semaphore.acquire();
    await following.said(new RegExp(`#\\d+ {2}granted ${id} on deploy`));
    following.child.kill("SIGINT");
    const { status, stdout, stderr } = await following.ended();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.match(/ (queued|granted|released) /g)).toHaveLength(5);
  });

  test("is followed up to so many events", async () => {
    const fleet = new Fleet();
    await fleet.run(["run", "--name", "deploy", "--", "true"]);
    const { status, stdout } = await fleet.run(["history", "--follow", "--limit", "2", "--json"]);
    expect({ status, seqs: eventsIn(stdout).map(({ seq }) => seq) }).toEqual({
      status: 0,
      seqs: [1, 2],
    });
  });
});
