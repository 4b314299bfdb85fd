/** What is wrong with what was typed about a history is said in one line, before anything is done. */

import { describe, expect, test } from "vitest";
import { endOf } from "./support-program.js";

const FILE = "/no/such/file.jsonl";
const REDIS = ["--redis", "redis://127.0.0.1:1"];

const COMMANDS = [["history"], ["replay"], ["verify"], ["why", "a-1"]];

describe.each(COMMANDS)("slotstream %s", (...command) => {
  test.each([
    ["without anything to ask", [], {}, 64, /^which history\? Name a file .* or a Redis: --redis/],
    ["with an empty URL", ["--redis", ""], {}, 64, /^which history\?/],
    [
      "with a file and a Redis",
      [FILE, ...REDIS],
      {},
      64,
      /^either .* is asked, or Redis\. Leave out --redis/,
    ],
    ["with a file and a namespace", [FILE, "--namespace", "x"], {}, 64, /Leave out --namespace/],
    ["with a wrong URL", ["--redis", "http://x"], {}, 64, /must be like redis:/],
    [
      "with a file that is not there",
      [FILE],
      {},
      66,
      /^cannot read \/no\/such\/file\.jsonl: there is no such/,
    ],
    [
      "with a file, where the variable is set for others",
      [FILE],
      { SLOTSTREAM_REDIS_URL: "redis://127.0.0.1:1" },
      66,
      /^cannot read/,
    ],
    ["with an unknown option", ["--fast"], {}, 64, /^unknown option '--fast'/],
  ])("%s", async (_what, options, environment, status, message) => {
    expect(await endOf([...command, ...options], environment)).toEqual({
      status,
      message: expect.stringMatching(message),
    });
  });
});

test.each([
  [["history", FILE, "--follow"], /^nothing more happens in a file\. Leave out --follow\.$/],
  [["history", "--follow", "--reverse", ...REDIS], /Leave out --follow or --reverse\.$/],
  [
    ["history", "--type", "granted,lost"],
    /'granted,lost' is invalid\. There are: queued, granted,/,
  ],
  [["history", "--since", "soon"], /It must be a date like/],
  [["history", "--semaphore", ""], /It must not be empty/],
  [["history", "--limit", "0"], /It must be a whole number, from 1 on/],
  [
    ["replay", "--until", "1", "--until-seq", "1"],
    /'--until-seq <n>' cannot be used with option '--until <time>'/,
  ],
  [["replay", "--until-seq", "-1"], /It must be the number of an event/],
  [
    ["replay", "--against", "--until-seq", "1"],
    /'--against' cannot be used with option '--until-seq <n>'/,
  ],
  [["replay", "--test", "--json"], /'--test' cannot be used with option '--json'/],
  [
    ["replay", "--acquisition", "a", "--semaphore", "b"],
    /cannot be used with option '--semaphore <name>'/,
  ],
  [["verify", "--head", "abc"], /It must be a hash that slotstream verify has printed/],
  [["why"], /^missing required argument 'id'/],
  [["why", ""], /It must not be empty/],
  [["export"], /^which Redis\?/],
  [["import", FILE], /^which Redis\?/],
  [["import"], /^missing required argument 'file'/],
  [["stats", "--until", "10m", ...REDIS], /^on Redis it is shown as it is now\. /],
  [["holders", "deploy", "--file", FILE, ...REDIS], /^either .* is asked, or Redis/],
])("slotstream %j", async (command, message) => {
  expect(await endOf(command)).toEqual({ status: 64, message: expect.stringMatching(message) });
});
