/** `slotstream verify`, on files as they can be found. */

import { describe, expect, test } from "vitest";
import { Fleet, withRedis } from "./fleet.js";
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
  TRIMMED,
  tampered,
  truncated,
} from "./incident.js";
import { slotstream } from "./support.js";

withRedis();

const WHOLE = `whole: 103 entries, events 1 to 309\nhead: ${HEAD}\n`;

describe("what is whole", () => {
  test("says up to where, and its head", async () => {
    expect(await slotstream(["verify", INCIDENT])).toEqual({
      status: 0,
      stdout: WHOLE,
      stderr: "",
    });
  });

  test("may be packed by gzip", async () => {
    expect((await slotstream(["verify", packed()])).stdout).toBe(WHOLE);
  });

  test("may have been trimmed", async () => {
    expect(await slotstream(["verify", TRIMMED])).toEqual({
      status: 0,
      stdout:
        "whole: 64 entries, events 118 to 309\n" +
        `begins with a checkpoint: what came before is no longer kept\nhead: ${HEAD}\n`,
      stderr: "",
    });
  });

  test("has the head that was kept elsewhere, and no other", async () => {
    expect((await slotstream(["verify", INCIDENT, "--head", HEAD])).status).toBe(0);
    const other = `${HEAD.slice(1)}0`;
    const result = await slotstream(["verify", INCIDENT, "--head", other, "--json"]);
    expect(result).toMatchObject({ status: 1, stderr: "" });
    expect(JSON.parse(result.stdout)).toMatchObject({
      ok: false,
      entries: 103,
      problem: { kind: "wrong-head", seq: 309 },
    });
  });

  test("is found in Redis, too", async () => {
    const fleet = new Fleet();
    expect((await fleet.run(["verify"])).stdout).toBe("whole: nothing has happened yet.\n");
    await fleet.run(["run", "--name", "deploy", "--", "true"]);
    const { status, stdout } = await fleet.run(["verify"]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^whole: \d entries, events 1 to \d\nhead: [0-9a-f]{64}\n$/),
    });
  });
});

describe("what is damaged is named", () => {
  const BEFORE = "right up to there: 3 entries, events 1 to 9\n";

  test.each([
    [
      "changed",
      tampered,
      "at line 5 of FILE: the entry of event 10 was changed: its hash is another one.",
      BEFORE,
    ],
    [
      "missing",
      gapped,
      "at line 5 of FILE: events 10 to 12 are missing: event 13 comes next.",
      BEFORE,
    ],
    [
      "reordered",
      reordered,
      "at line 5 of FILE: the entry of event 13 stands where that of event 10 belongs.",
      BEFORE,
    ],
    [
      "cut off",
      truncated,
      ": events 148 to 309 are missing: the history ends with event 147.",
      "right up to there: 49 entries, events 1 to 147\n",
    ],
    [
      "cut off within a line",
      cutInLine,
      "at line 51 of FILE: the entry of event 148 cannot be read: this is no whole entry.",
      "right up to there: 49 entries, events 1 to 147\n",
    ],
    [
      "without its beginning",
      beheaded,
      "at line 2 of FILE: the history begins with event 121, which is neither the first ever nor a checkpoint.",
      "right up to there: 0 entries\n",
    ],
    [
      "packed and cut off",
      halfPacked,
      /^damaged: the entry of event \d+ cannot be read: what gzip has packed is damaged there, or not whole \(unexpected end of file\)\.\nright up to there: \d+ entries, events 1 to \d+\n$/,
      "",
    ],
  ])("%s", async (_how, make, message, right) => {
    const file = make();
    const { status, stdout, stderr } = await slotstream(["verify", file]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    if (message instanceof RegExp) expect(stdout).toMatch(message);
    else {
      const said = message.replace("FILE", file);
      expect(stdout).toBe(`damaged${said.startsWith(":") ? "" : " "}${said}\n${right}`);
    }
  });

  test("for programs with its kind, event and line", async () => {
    const { status, stdout } = await slotstream(["verify", gapped(), "--json"]);
    expect({ status, json: JSON.parse(stdout) }).toMatchObject({
      status: 1,
      json: { ok: false, entries: 3, events: 9, problem: { kind: "missing", seq: 10, line: 5 } },
    });
  });

  test("also what another version decided, unless that doesn't matter", async () => {
    const file = decidedOtherwise();
    const { status, stdout } = await slotstream(["verify", file]);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringMatching(
        /^damaged at line 2 of .*: event 1 does not follow by today's code/,
      ),
    });
    expect(await slotstream(["verify", file, "--no-decisions"])).toMatchObject({ status: 0 });
  });

  test("also where it is no history at all", async () => {
    const nothing = empty();
    expect(await slotstream(["verify", nothing])).toEqual({
      status: 1,
      stdout: "",
      stderr: `slotstream: ${nothing}: there is nothing in it. Give what slotstream exported, whole and as it was written.\n`,
    });
    const other = await slotstream(["verify", foreign()]);
    expect(other).toMatchObject({ status: 1, stdout: "" });
    expect(other.stderr).toMatch(/: line 1: this is not the beginning of a history\. /);
  });

  test("in Redis, too", async () => {
    const fleet = new Fleet();
    await fleet.run(["run", "--name", "deploy", "--", "true"]);
    const key = `{${fleet.namespace}:0}:history`;
    const [id = ""] = (await fleet.cli("XRANGE", key, "-", "+", "COUNT", "1")).split("\n");
    await fleet.cli("XDEL", key, id);
    const { status, stdout } = await fleet.run(["verify"]);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringMatching(/^damaged: the history begins with event \d, which is neither/),
    });
  });
});

test("what cannot be read is no answer: status 66", async () => {
  expect(await slotstream(["verify", "/no/such/file.jsonl"])).toEqual({
    status: 66,
    stdout: "",
    stderr:
      "slotstream: cannot read /no/such/file.jsonl: there is no such file. Is the path right?\n",
  });
});
