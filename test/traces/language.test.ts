/** The language of the traces: what it understands, and what it says about a mistyped line. */

import { expect, test } from "vitest";
import { parseCommand, parseLine } from "../support/language.js";
import { runTrace } from "../support/trace.js";

test("defaults may be left out", () => {
  expect(parseLine("acquire a on api")).toEqual(parseLine("acquire a on api value=1 by 0-s"));
  expect(parseLine("cancel a")).toEqual(parseLine("cancel a (cancelled) by 0-s"));
  expect(parseLine("reassert a on api slot=0 token=7")).toEqual(
    parseLine("reassert a on api slot=0 token=7 value=1 by 0-s"),
  );
});

test("terms come in any order", () => {
  const line = "acquire a on api heartbeat=1s ttl=250ms value=2";
  expect(parseLine(line)).toEqual(parseLine("acquire a on api value=2 ttl=250ms heartbeat=1s"));
});

test("a command carries the number that it names", () => {
  expect(parseCommand("release a by 0-t#7")).toEqual({
    type: "release",
    acquisition: "a",
    session: "0-t",
    number: 7,
  });
  expect(parseCommand("leave as 0-s by 9-s#1")).toMatchObject({ session: "9-s", former: "0-s" });
  expect(parseCommand("tick")).toEqual({ type: "tick" });
  expect(parseCommand("rebase 1h")).toEqual({ type: "rebase", byMs: 3_600_000 });
  expect(parseCommand("rebase -5s")).toEqual({ type: "rebase", byMs: -5_000 });
  expect(parseCommand("restart pause=15s")).toEqual({ type: "restart", pauseMs: 15_000 });
  expect(() => parseCommand("release a")).toThrow('"release a" has no number');
  expect(() => parseCommand("state")).toThrow('"state" is not a command');
});

test("what is asserted again was granted when its token says", () => {
  expect(
    parseCommand("reassert a on api slot=2 token=7050001 value=3 ttl-left=1s ttl=9s by 0-t#4"),
  ).toEqual({
    type: "reassert",
    semaphore: "api",
    acquisition: "a",
    slot: 2,
    token: 7_050_001,
    value: 3,
    terms: { ttlMs: 9_000 },
    queuedAt: 7_050,
    grantedAt: 7_050,
    ttlLeftMs: 1_000,
    session: "0-t",
    number: 4,
  });
});

test.each([
  ["aquire a on api", '"aquire" is no command; there are acquire, release'],
  ["acquire a api", '"on" was expected, not "api"'],
  ["acquire a on", "a semaphore is missing"],
  ["acquire a on api tll=3s", '"tll=3s" is not understood here'],
  ["acquire a on api ttl=3", '"3" is no duration such as 250ms or 1.5s'],
  ["acquire a on api value=two", '"two" is no whole number'],
  ["resize api", "value=… is missing"],
  ["reassert a on api token=7", "slot=… is missing"],
  ["reassert a on api slot=0", "token=… is missing"],
  ["reassert a api slot=0 token=7", '"on" was expected, not "api"'],
  ["leave as", "a session is missing"],
  ["leave 0-s", '"0-s" is not understood here'],
  ["release a b", '"b" is not understood here'],
  ["release", "an id is missing"],
  ["rebase soon", '"soon" is no duration'],
  ["restart", "pause=… is missing"],
  ["restart pause=-1s", '"-1s" is no duration'],
  ["at soon", '"soon" is no duration'],
])("%s: %s", (line, why) => {
  expect(() => parseLine(line)).toThrow(why);
});

test("an error names the line and its number", () => {
  expect(() => runTrace("# title\n\nacquire a on api\nrelaese a\n")).toThrow(
    'line 4, "relaese a": "relaese" is no command',
  );
});

test("log time does not go back", () => {
  expect(() => runTrace("at 2s\ntick\nat 1s\n")).toThrow("line 3");
});

test("the output of an earlier run is written anew, what a person wrote stays", () => {
  const once = runTrace("# title\n\nrelease a\n  #9 a lie\n\n# why\nat 2s\nheartbeat\n");
  expect(once).toBe(`# title

release a
  #1 ignored release (not-held) by 0-s#1

# why
at 2s
heartbeat
  #2 heartbeat by 0-s#2
`);
  expect(runTrace(once)).toBe(once);
});
