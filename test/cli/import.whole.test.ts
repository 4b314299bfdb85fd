/** `slotstream import`: all of a history, or nothing; and a fleet that goes on from there. */

import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { select } from "../../src/history/query.js";
import {
  explain,
  importHistory,
  RedisCoordinator,
  readHistory,
  replay,
  verify,
} from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { Fleet, NOWHERE, withRedis } from "./fleet.js";
import {
  beheaded,
  cutInLine,
  decidedOtherwise,
  empty,
  foreign,
  gapped,
  HEAD,
  halfPacked,
  INCIDENT,
  packed,
  reordered,
  START,
  TRIMMED,
  tampered,
  truncated,
} from "./incident.js";
import { longHistory } from "./long-history.js";
import { slotstream } from "./support.js";

withRedis();

const linesOf = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n");
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const keysOf = (fleet: Fleet) => fleet.cli("KEYS", `*${fleet.namespace}:*`);

describe("afterwards", () => {
  test.each([
    ["of a whole history", () => INCIDENT, INCIDENT, "103 entries with 309 events"],
    ["of one that gzip has packed", packed, INCIDENT, "103 entries with 309 events"],
    ["of one that was trimmed", () => TRIMMED, TRIMMED, "64 entries with 192 events"],
  ])("the namespace says what the file says: %s", async (_what, made, plain, told) => {
    const fleet = new Fleet();
    expect(await fleet.run(["import", made()])).toEqual({
      status: 0,
      stdout: `imported: ${told}, up to event 309.\n`,
      stderr: "",
    });
    const { url, namespace } = fleet;
    await using ours = new RedisCoordinator({ url, namespace, reconciler: "external" });
    const theirs = async () => (await readHistory(linesOf(plain))).entries;
    expect(await all(ours.history())).toEqual(await all(select(await theirs(), {})));
    expect(await ours.verify()).toEqual(await verify(await theirs(), { head: HEAD }));
    for (const moment of [{}, { untilSeq: 250 }, { until: START + 50_250 }]) {
      const [was, then] = [await ours.replay(moment), await replay(await theirs(), moment)];
      expect(was.state).toEqual(then.state);
      expect(await ours.why("batch", { until: START + 50_250, ...moment })).toEqual(
        await explain(await theirs(), "batch", { until: START + 50_250, ...moment }),
      );
    }
    // What is stored as records is the state as well.
    const then = await replay(await theirs());
    expect(await ours.stats()).toEqual(then.stats());
    expect(await ours.holders("deploy")).toEqual(then.holders("deploy"));
    expect(await ours.waiters("deploy")).toEqual(then.waiters("deploy"));
  });

  test("nothing of it expires, and nothing else is there", async () => {
    const fleet = new Fleet();
    await fleet.run(["import", INCIDENT]);
    const keys = (await keysOf(fleet)).split("\n").sort();
    const names = ["acquisitions", "history", "meta", "semaphores", "sessions", "told"];
    expect(keys).toEqual(names.map((name) => `{${fleet.namespace}:0}:${name}`));
    for (const key of keys) expect(await fleet.cli("PTTL", key)).toBe("-1");
  });

  test("a fleet goes on: holders that don't show up lose their slots, and log time goes on", async () => {
    const before = new Fleet();
    const { url } = before;
    const first = new RedisCoordinator({ url, namespace: before.namespace, failoverPauseMs: 500 });
    onTestFinished(() => first.close());
    const terms = { name: "deploy", value: 1, heartbeatMaxIntervalMs: 500 };
    const held = await first.semaphore(terms).acquire();
    const lines = await all(first.export());

    const after = new Fleet();
    const { namespace } = after;
    await importHistory({ url, namespace, failoverPauseMs: 500 }, lines);
    await using second = new RedisCoordinator({ url, namespace, failoverPauseMs: 500 });
    const next = await second.semaphore(terms).acquire();
    expect(next.fencingToken).toBeGreaterThan(held.fencingToken);
    const events = await all(second.history());
    const types = events.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(["restarted", "expired"]));
    expect(types.indexOf("restarted")).toBeLessThan(types.lastIndexOf("granted"));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
    expect(await second.verify()).toMatchObject({ ok: true, first: 1 });
  });

  test("a fleet goes on from a history that ends in the future", async () => {
    const ahead = 3_600_000;
    const source = new TestCoordinator({ startAt: Date.now() + ahead });
    await (await source.semaphore({ name: "deploy", value: 1 }).acquire()).release();
    const lines = await all(source.export());

    const { url, namespace } = new Fleet();
    await importHistory({ url, namespace, failoverPauseMs: 500 }, lines);
    await using coordinator = new RedisCoordinator({ url, namespace, failoverPauseMs: 500 });
    await (await coordinator.semaphore({ name: "deploy", value: 1 }).acquire()).release();
    const times = (await all(coordinator.history())).map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(await coordinator.verify()).toMatchObject({ ok: true });
  });
});

describe("nothing is changed", () => {
  test.each([
    [
      "changed",
      tampered,
      65,
      /: line 5: the entry of event 10 was changed: its hash is another one\. Nothing was imported\. /,
    ],
    ["with a gap", gapped, 65, /: line 5: events 10 to 12 are missing/],
    ["reordered", reordered, 65, /: line 5: the entry of event 13 stands where/],
    ["cut off", truncated, 65, /: events 148 to 309 are missing/],
    ["cut off within a line", cutInLine, 65, /: line 51: the entry of event 148 cannot be read/],
    ["without its beginning", beheaded, 65, /: line 2: the history begins with event 121/],
    ["packed and cut off", halfPacked, 65, /what gzip has packed is damaged/],
    ["empty", empty, 65, /there is nothing in it/],
    ["something else", foreign, 65, /this is not the beginning of a history/],
    ["not there", () => "/no/such/file", 66, /there is no such file/],
  ])("by a file that is %s", async (_how, file, status, message) => {
    const fleet = new Fleet();
    const result = await fleet.run(["import", file()]);
    expect(result).toMatchObject({ status, stdout: "" });
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toMatch(/^slotstream: [^\n]+\n$/);
    expect(await keysOf(fleet)).toBe("");
  });

  test("by what another version decided, unless that doesn't matter", async () => {
    const [fleet, file] = [new Fleet(), decidedOtherwise()];
    const refused = await fleet.run(["import", file]);
    expect(refused).toMatchObject({ status: 65, stdout: "" });
    expect(refused.stderr).toMatch(/: line 2: event 1 does not follow by today's code/);
    expect(await keysOf(fleet)).toBe("");
    expect(await fleet.run(["import", file, "--no-decisions"])).toMatchObject({ status: 0 });
    expect((await fleet.run(["verify"])).status).toBe(1);
    expect((await fleet.run(["verify", "--no-decisions"])).status).toBe(0);
  });

  test("by a history in which nothing has happened", async () => {
    const fleet = new Fleet();
    const input = (await new Fleet().run(["export"])).stdout;
    const { status, stderr } = await fleet.run(["import", "-"], { input });
    expect({ status, stderr }).toEqual({
      status: 65,
      stderr: expect.stringContaining(
        "nothing has happened in this history. Nothing was imported.",
      ),
    });
    expect(await keysOf(fleet)).toBe("");
  });

  test("where there is a fleet already", async () => {
    const fleet = new Fleet();
    await fleet.run(["run", "--name", "deploy", "--", "true"]);
    const before = (await fleet.run(["export"])).stdout.split("\n").slice(1);
    const { status, stdout, stderr } = await fleet.run(["import", INCIDENT]);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toBe(
      `slotstream: the namespace is not empty: there are keys of {${fleet.namespace}:0} in Redis, or somebody leads there. ` +
        "Nothing was changed. Choose another namespace; or stop all who use this one, and delete its keys.\n",
    );
    expect((await fleet.run(["export"])).stdout.split("\n").slice(1)).toEqual(before);
  });

  test("where a fleet begins while the file is read", async () => {
    const fleet = new Fleet();
    const { url, namespace } = fleet;
    async function* slowly() {
      const lines = linesOf(INCIDENT);
      yield* lines.slice(0, 50);
      await using coordinator = new RedisCoordinator({ url, namespace });
      await coordinator.semaphore({ name: "deploy", value: 1 }).acquire();
      yield* lines.slice(50);
    }
    await expect(importHistory({ url, namespace }, slowly())).rejects.toMatchObject({
      code: "INVALID_OPTION",
      option: "namespace",
    });
    expect((await fleet.run(["stats", "cron"])).status).toBe(1);
    expect(await keysOf(fleet)).not.toContain("import");
  });

  test("and what is half done expires, if its process ends", async () => {
    const fleet = new Fleet();
    const running = fleet.start(["import", "-"]);
    // Enough for a page; the end of it does not come.
    const lines = await all(longHistory(1_000));
    running.child.stdin?.write(`${lines.join("\n")}\n`);
    const history = await partialKey(fleet);
    running.child.kill("SIGKILL");
    await running.ended();
    expect(Number(await fleet.cli("PTTL", history))).toBeGreaterThan(60_000);
    expect(await keysOf(fleet)).toBe(history);
    // It is in nobody's way.
    expect(await fleet.run(["import", INCIDENT])).toMatchObject({ status: 0 });
  });

  test("by a user who may not rename", async () => {
    const fleet = new Fleet();
    await fleet.cli("ACL", "SETUSER", "clerk", "on", ">s", "~*", "&*", "+@all", "-rename");
    const url = fleet.url.replace("//", "//clerk:s@");
    const args = ["import", INCIDENT, "--redis", url, "--namespace", fleet.namespace];
    const { status, stderr } = await slotstream(args);
    expect({ status, stderr }).toEqual({
      status: 78,
      stderr: expect.stringContaining("RENAME, as the script import does it"),
    });
    expect(await keysOf(fleet)).toBe("");
  });

  test("where Redis cannot be reached: status 69", async () => {
    expect(await slotstream(["import", INCIDENT, "--redis", NOWHERE])).toMatchObject({
      status: 69,
      stdout: "",
    });
  });
});

/** The first key of an import under way, once it is there and will expire. */
async function partialKey(fleet: Fleet): Promise<string> {
  for (;;) {
    const key = await fleet.cli("KEYS", `*${fleet.namespace}:0}:history:import:*`);
    if (key !== "" && (await fleet.cli("PTTL", key)) !== "-1") return key;
  }
}
