/** What is wrong with what was typed is said in one line, before anything is done. */

import { describe, expect, test } from "vitest";
import { WRONG_USAGE } from "../../src/cli/exit-status.js";
import { endOf } from "./support-program.js";

const REDIS = ["--redis", "redis://127.0.0.1:1"];

const COMMANDS = [
  ["stats"],
  ["holders", "deploy"],
  ["waiters", "deploy"],
  ["revoke", "a-1"],
  ["resize", "deploy", "3"],
  ["reconciler"],
];

describe.each(COMMANDS)("slotstream %s", (...command) => {
  test.each([
    [
      "without Redis",
      [],
      {},
      /^which Redis\? Name it: --redis redis:\/\/host:6379, or in SLOTSTREAM/,
    ],
    ["with an empty URL", ["--redis", ""], {}, /^which Redis\?/],
    [
      "with a URL that is taken back",
      ["--redis", ""],
      { SLOTSTREAM_REDIS_URL: "redis://127.0.0.1:1" },
      /^which Redis\?/,
    ],
    [
      "with another URL",
      ["--redis", "http://x"],
      {},
      /must be like redis:\/\/.* but is "http:\/\/x"/,
    ],
    [
      "with a wrong variable",
      [],
      { SLOTSTREAM_REDIS_URL: "localhost" },
      /must be like redis:\/\/.* but is "localhost"/,
    ],
    [
      "with a namespace that is none",
      [...REDIS, "--namespace", "a{b}"],
      {},
      /^namespace must have 1 to 200 characters/,
    ],
    ["with an unknown option", ["--fast"], {}, /^unknown option '--fast'/],
  ])("%s", async (_what, options, environment, message) => {
    expect(await endOf([...command, ...options], environment)).toEqual({
      status: WRONG_USAGE,
      message: expect.stringMatching(message),
    });
  });
});

test("a password is not repeated", async () => {
  const { message } = await endOf(["stats", "--redis", "redis://me:secret@:6379/x"]);
  expect(message).toMatch(/^the URL of Redis must be like/);
  expect(message).not.toContain("secret");
});

describe("other mistakes", () => {
  test.each([
    ["holders", [], /^missing required argument 'name'/],
    ["holders", ["", ...REDIS], /^name must be a string that is not empty/],
    ["holders", ["a", "b", ...REDIS], /^too many arguments/],
    ["waiters", [], /^missing required argument 'name'/],
    ["revoke", [], /^missing required argument 'id'/],
    [
      "revoke",
      ["", ...REDIS],
      /^'' is invalid for argument 'id'\. slotstream holders and waiters show the ids/,
    ],
    ["resize", ["deploy", ...REDIS], /^missing required argument 'value'/],
    [
      "resize",
      ["deploy", "few", ...REDIS],
      /^'few' is invalid for argument 'value'.* It must be a whole number/,
    ],
    ["resize", ["deploy", "1.5", ...REDIS], /^'1.5' is invalid for argument 'value'/],
    ["resize", ["deploy", "1e9", ...REDIS], /^'1e9' is invalid for argument 'value'/],
    [
      "resize",
      ["deploy", "1000000000", ...REDIS],
      /^'1000000000' is invalid .* from 0 to 1000000\.$/,
    ],
    ["stats", ["--limit", "0", ...REDIS], /argument '0' is invalid.* from 1 on/],
    ["reconciler", ["--health-interval", "often"], /It must be a time like 500ms/],
    ["reconciler", ["--failover-pause", "long"], /It must be a time like 500ms/],
    ["reconciler", ["--failover-pause", "499ms", ...REDIS], /It must be at least 500 ms/],
    ["reconciler", ["--history-events", "0", ...REDIS], /It must be a whole number, from 1 on/],
    ["reconciler", ["--history-age", "59s", ...REDIS], /It must be at least 1 min/],
    ["reconciler", ["now", ...REDIS], /^too many arguments/],
    ["statz", [], /^unknown command 'statz' \(Did you mean stats\?\)/],
  ])("%s %j", async (command, args, message) => {
    expect(await endOf([command, ...args])).toEqual({
      status: WRONG_USAGE,
      message: expect.stringMatching(message),
    });
  });
});

describe("slotstream run", () => {
  test.each([
    ["a URL that is none", ["--redis", "localhost:6379"], /must be like redis:\/\//],
    ["a namespace that is none", [...REDIS, "--namespace", "\n"], /^namespace must have/],
    ["a value of 0", ["--value", "0"], /argument '0' is invalid.* from 1 on/],
    [
      "a value that is too much",
      ["--value", "1000000000"],
      /^--value must be .* to 1000000, but is/,
    ],
    ["the same on Redis", [...REDIS, "--value", "1000000000"], /^--value must be .* to 1000000/],
    ["a ttl of 0", ["--ttl", "0"], /^--ttl must be a number of milliseconds, at least 1/],
  ])("%s", async (_what, options, message) => {
    expect(await endOf(["run", "--name", "deploy", ...options, "--", "true"])).toEqual({
      status: WRONG_USAGE,
      message: expect.stringMatching(message),
    });
  });
});
