/** `slotstream replay`: moments, lives, comparisons, and tests that a user runs. */

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { Fleet, withRedis } from "./fleet.js";
import {
  altered,
  copyOf,
  decidedOtherwise,
  INCIDENT,
  TRIMMED,
  tampered,
  truncated,
} from "./incident.js";
import { type Result, slotstream, temporaryFolder } from "./support.js";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

withRedis();

const replay = (...args: string[]) => slotstream(["replay", ...args]);

describe("a moment", () => {
  const EVENT_11 = [
    "at 2026-11-23T03:00:01.500Z, after event 11",
    "",
    "NAME    HELD  SLOTS  FULL  WAITING",
    "deploy     0      1   0 %        1",
    "",
    '"deploy" was waited for by',
    "POSITION  QUEUED  GIVES UP  ID     METADATA",
    "       1  now     -         job-3  host=web-1",
    "",
  ].join("\n");

  test("by the number of its last event", async () => {
    expect(await replay(INCIDENT, "--until-seq", "11")).toEqual({
      status: 0,
      stdout: EVENT_11,
      stderr: "",
    });
  });

  test("by time, one later", async () => {
    const { stdout } = await replay(INCIDENT, "--until", "2026-11-23T03:00:50.250Z");
    expect(stdout).toContain('"cron" was held by\nSLOT  GRANTED     EXPIRES');
  });

  test("of one semaphore, for programs", async () => {
    const args = [INCIDENT, "--until-seq", "302", "--semaphore", "cron", "--json"];
    const { status, stdout } = await replay(...args);
    expect({ status, json: JSON.parse(stdout) }).toMatchObject({
      status: 0,
      json: {
        seq: 302,
        semaphores: [{ name: "cron", acquiredSlots: 1, holders: [{ id: "batch" }], waiters: [] }],
      },
    });
    expect(await replay(INCIDENT, "--until-seq", "302", "--semaphore", "corn")).toEqual({
      status: 1,
      stdout: "",
      stderr: 'slotstream: "corn" is not in use. slotstream stats shows what is.\n',
    });
  });

  test("is what stats, holders and waiters say of the file", async () => {
    const when = ["--until", "2026-11-23T03:00:50.250Z", "--json"];
    const at = ["--file", INCIDENT, ...when];
    const [then, stats, holders, waiters] = await Promise.all([
      replay(INCIDENT, ...when),
      slotstream(["stats", ...at]),
      slotstream(["holders", "cron", ...at]),
      slotstream(["waiters", "cron", ...at]),
    ]);
    const [deploy, cron] = JSON.parse(then.stdout).semaphores;
    expect(cron.holders.map(({ id }: { id: string }) => id)).toEqual(["batch"]);
    expect(JSON.parse(holders.stdout)).toEqual(cron.holders);
    expect(JSON.parse(waiters.stdout)).toEqual(cron.waiters);
    const { declared: _, holders: _held, waiters: _waiting, ...figures } = cron;
    expect(JSON.parse(stats.stdout)).toEqual([
      expect.objectContaining({ name: deploy.name }),
      figures,
    ]);
    expect(await slotstream(["holders", "nobody", ...at])).toMatchObject({ status: 1 });
  });

  test("after a checkpoint is the same as in the full history", async () => {
    const moment = ["--until-seq", "250", "--json"];
    const [full, trimmed] = await Promise.all([
      replay(INCIDENT, ...moment),
      replay(TRIMMED, ...moment),
    ]);
    expect(trimmed).toEqual(full);
    expect(JSON.parse(full.stdout).seq).toBe(250);
  });

  test("that is not kept: status 65", async () => {
    const early = await replay(TRIMMED, "--until-seq", "5");
    expect(early).toMatchObject({ status: 65, stdout: "" });
    expect(early.stderr).toMatch(
      /^slotstream: .*: line 2: the history is kept from event 120 on.*\n$/,
    );
    expect(await replay(INCIDENT, "--until-seq", "5000")).toMatchObject({
      status: 65,
      stderr: expect.stringContaining("the history ends with event 309"),
    });
  });

  test("that is still to come is said to be so: a time of another zone was meant", async () => {
    const later = "2026-11-23T05:00Z";
    const said =
      /^slotstream: 2026-11-23T05:00:00\.000Z is later than all that is known: the export was made at \S+\. Times without a zone are UTC\.\n$/;
    const commands = [
      ["replay", INCIDENT],
      ["why", "next", INCIDENT],
      ["stats", "--file", INCIDENT],
    ];
    for (const command of commands) {
      const { status, stdout, stderr } = await slotstream([...command, "--until", later]);
      expect({ status, said: said.test(stderr) }).toEqual({ status: 0, said: true });
      expect(stdout).toContain("cron");
    }
    const { stderr } = await replay(INCIDENT, "--until", later, "--json");
    expect(stderr).toBe("");
  });

  test("of a fleet", async () => {
    const fleet = new Fleet();
    const { url, namespace } = fleet;
    await using coordinator = new RedisCoordinator({ url, namespace });
    const { id } = await coordinator.semaphore({ name: "deploy", value: 2 }).acquire();
    const { status, stdout } = await fleet.run(["replay"]);
    expect(status).toBe(0);
    expect(stdout).toContain("deploy     1      2  50 %        0\n");
    expect(stdout).toContain(id);
    expect((await fleet.run(["replay", "--until-seq", "0"])).stdout).toBe(
      "before the first event\n",
    );
    const { stderr } = await fleet.run(["replay", "--until", "9999-01-01"]);
    expect(stderr).toMatch(
      /^slotstream: 9999-01-01T\S+ is later than all that is known: it is \S+ now\. /,
    );
  });
});

describe("a life", () => {
  test("for people", async () => {
    const { status, stdout } = await replay(INCIDENT, "--acquisition", "batch");
    expect(status).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ["TIME", "SEQ", "STATE"],
      ["2026-11-23T03:00:50.000Z", "301", "queued"],
      ["2026-11-23T03:00:50.000Z", "302", "held"],
      ["2026-11-23T03:00:50.000Z", "303", "heartbeating"],
      ["2026-11-23T03:00:50.500Z", "306", "heartbeating"],
      ["2026-11-23T03:00:51.000Z", "307", "expired"],
      [""],
    ]);
  });

  test("as XState's snapshots, up to a moment", async () => {
    const args = [INCIDENT, "--acquisition", "batch", "--until-seq", "302", "--json"];
    const steps = JSON.parse((await replay(...args)).stdout);
    expect(steps).toMatchObject([
      { event: { seq: 301 }, snapshot: { status: "active", value: "queued" } },
      { event: { seq: 302 }, snapshot: { status: "active", value: "held" } },
    ]);
  });

  test("of which nothing is known: status 1", async () => {
    expect(await replay(INCIDENT, "--acquisition", "nobody")).toEqual({
      status: 1,
      stdout: "",
      stderr: 'slotstream: nothing that is kept is about "nobody", up to that moment.\n',
    });
  });
});

describe("today's code", () => {
  test("decides as it did", async () => {
    expect(await replay(INCIDENT, "--against")).toEqual({
      status: 0,
      stdout: "no difference: this version decides all 309 events as they were.\n",
      stderr: "",
    });
  });

  test("decides otherwise: status 1, and the first difference", async () => {
    const file = decidedOtherwise();
    expect(await replay(file, "--against")).toEqual({
      status: 1,
      stdout:
        "event 1 is another one today; those before it are the same:\n" +
        '  after:    acquire job-0 on deploy value=1 host="web-1" by 1795402800000-web#1\n' +
        '  recorded: queued job-0 on deploy value=1 position=2 host="web-1" by 1795402800000-web#1\n' +
        '  today:    queued job-0 on deploy value=1 position=1 host="web-1" by 1795402800000-web#1\n',
      stderr: "",
    });
    const { status, stdout } = await replay(file, "--against", "--json");
    expect({ status, json: JSON.parse(stdout) }).toMatchObject({
      status: 1,
      json: { same: 0, difference: { seq: 1 } },
    });
  });
});

/** A project of a user who has installed slotstream and vitest. */
class Project {
  readonly folder = temporaryFolder();

  constructor() {
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(CHECKOUT, join(this.folder, "node_modules/slotstream"));
    symlinkSync(join(CHECKOUT, "node_modules/vitest"), join(this.folder, "node_modules/vitest"));
    this.write("package.json", JSON.stringify({ type: "module" }));
  }

  write(name: string, content: string | Buffer): string {
    const file = join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  /** Runs the tests in it. */
  vitest(): Promise<Result> {
    const vitest = join(
      dirname(fileURLToPath(import.meta.resolve("vitest/package.json"))),
      "vitest.mjs",
    );
    const options = { cwd: this.folder, env: { ...process.env, NO_COLOR: "1", VITEST: undefined } };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [vitest, "run"], options, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode, stdout, stderr }),
      );
    });
  }
}

describe("a test", () => {
  test.each([
    ["beside the file", "incident.jsonl", (content: Buffer) => content],
    ["beside a file that gzip has packed", "in cident#1.jsonl.gz", gzipSync],
  ])("%s passes, and fails once that was tampered with", async (_where, name, made) => {
    const project = new Project();
    const file = project.write(name, made(readFileSync(INCIDENT)));
    const { stdout } = await replay(file, "--until-seq", "302", "--test");
    project.write("incident.test.ts", stdout);
    const passed = await project.vitest();
    expect(passed.stdout).toMatch(/Tests +2 passed \(2\)/);
    expect(passed.status).toBe(0);

    project.write(name, made(readFileSync(tampered())));
    const failed = await project.vitest();
    expect(failed.status).toBe(1);
    expect(failed.stdout).toMatch(/Tests +1 failed \| 1 passed \(2\)/);
    expect(failed.stderr).toContain("the entry of event 10 was changed: its hash is another one.");
  });

  test("that a user has edited fails with what was instead", async () => {
    const project = new Project();
    const file = project.write("incident.jsonl", readFileSync(INCIDENT));
    const { stdout } = await replay(file, "--until-seq", "302", "--semaphore", "cron", "--test");
    expect(stdout).toContain('"slotNumber": 0');
    project.write("incident.test.ts", stdout.replace('"slotNumber": 0', '"slotNumber": 2'));
    const { status, stderr } = await project.vitest();
    expect(status).toBe(1);
    expect(stderr).toMatch(/- +"slotNumber": 2,\n.*\+ +"slotNumber": 0,/);
  });

  test("out of Redis contains what it needs", async () => {
    const fleet = new Fleet();
    const { url, namespace } = fleet;
    await using coordinator = new RedisCoordinator({ url, namespace });
    const { id } = await coordinator.semaphore({ name: 'de"ploy\\', value: 2 }).acquire();
    const project = new Project();
    const { status, stdout } = await fleet.run(["replay", "--test"]);
    expect(status).toBe(0);
    expect(stdout).toContain(id);
    project.write("incident.test.ts", stdout);
    expect((await project.vitest()).stdout).toMatch(/Tests +2 passed \(2\)/);
  });

  test("out of standard input begins with the last checkpoint before the moment", async () => {
    const project = new Project();
    const input = readFileSync(TRIMMED, "utf8");
    const { stdout } = await slotstream(["replay", "-", "--until-seq", "250", "--test"], { input });
    const [first = ""] = stdout.match(/\{\\"seq\\":\d+/) ?? [];
    expect(Number(first.slice(9))).toBe(238);
    project.write("incident.test.ts", stdout);
    expect((await project.vitest()).stdout).toMatch(/Tests +2 passed \(2\)/);
  });

  test("is not written for a semaphore that was not in use: it would expect nothing", async () => {
    const input = readFileSync(INCIDENT, "utf8");
    for (const file of [INCIDENT, "-"]) {
      const args = ["replay", file, "--semaphore", "deplyo", "--test"];
      const result = await slotstream(args, { input });
      expect(result).toEqual({
        status: 1,
        stdout: "",
        stderr: 'slotstream: "deplyo" is not in use. slotstream stats shows what is.\n',
      });
    }
  });

  test("is not written for a moment that is not there", async () => {
    expect(await replay(truncated(), "--until-seq", "300", "--test")).toMatchObject({
      status: 65,
      stdout: "",
    });
  });
});

test("a file that is damaged before the moment: status 65, and nothing is shown", async () => {
  const file = altered((all) => all.toSpliced(4, 1));
  const { status, stdout, stderr } = await replay(file, "--until-seq", "100");
  expect({ status, stdout }).toEqual({ status: 65, stdout: "" });
  expect(stderr).toMatch(
    /^slotstream: .*: line 5, event 13: event 10 must come next\. Verify the history: /,
  );
  expect(await replay(copyOf(INCIDENT), "--until-seq", "10")).toMatchObject({ status: 0 });
});
