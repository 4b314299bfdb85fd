/** What none of our sessions can have written is not decided. */

import { describe, expect, test } from "vitest";
import { commandsOf } from "../src/decode.js";

const decode = (...drafts: unknown[]) =>
  commandsOf({ session: "0-s", number: 7, seen: 0, commands: JSON.stringify(drafts) });

const ACQUIRE = { type: "acquire", semaphore: "api", acquisition: "a", value: 2, terms: {} };

const REASSERT = {
  type: "reassert",
  semaphore: "api",
  acquisition: "a",
  value: 2,
  slot: 1,
  token: 1_900_000_000_000_000,
  queuedAt: 1_900_000_000_000,
  grantedAt: 1_900_000_000_001,
  terms: {},
};

describe("the commands of an entry", () => {
  test("get their session, and numbers from that of the entry on", () => {
    expect(decode(ACQUIRE, { type: "release", acquisition: "a" })).toEqual([
      { ...ACQUIRE, session: "0-s", number: 7 },
      { type: "release", acquisition: "a", session: "0-s", number: 8 },
    ]);
  });

  test.each([
    [{ type: "release", acquisition: "a" }],
    [{ type: "cancel", acquisition: "a", reason: "timeout" }],
    [{ type: "cancel", acquisition: "a", reason: "cancelled" }],
    [{ type: "heartbeat" }],
    [{ type: "leave" }],
    [{ type: "leave", former: "0-r" }],
    [REASSERT],
    [{ ...REASSERT, terms: { ttlMs: 9_000, metadata: { job: "7" } }, ttlLeftMs: 0 }],
    [{ ...REASSERT, slot: 0, token: 0, queuedAt: 0, grantedAt: 0 }],
    [{ ...REASSERT, slot: 999_999, token: 2 ** 52 }],
    [{ type: "resize", semaphore: "api", value: 0, declared: 2 }],
    [{ type: "resize", semaphore: "api", value: 3 }],
    [{ type: "revoke", acquisition: "a", force: true }],
    [{ type: "revoke", acquisition: "a", force: false, operator: "Ada" }],
    [{ type: "resize", semaphore: "api", value: 0, operator: "Ada" }],
    [
      {
        ...ACQUIRE,
        terms: {
          noWait: true,
          ttlMs: 1,
          maxAcquireTimeMs: 1,
          heartbeatMaxIntervalMs: 500,
          maxQueueSize: 0,
          onValueMismatch: "adopt",
          metadata: { job: "7" },
        },
      },
    ],
  ])("may be %j", (draft) => {
    expect(decode(draft)).toEqual([{ ...draft, session: "0-s", number: 7 }]);
  });

  test("are not more than the protocol knows of a hold", () => {
    expect(decode({ ...REASSERT, from: "0-other", revoked: true, session: "0-other" })).toEqual([
      { ...REASSERT, session: "0-s", number: 7 },
    ]);
  });

  test("are not more than the protocol knows", () => {
    expect(decode({ type: "leave", session: "0-other", number: 1, extra: {} })).toEqual([
      { type: "leave", session: "0-s", number: 7 },
    ]);
  });
});

describe("an entry is no session's", () => {
  test.each([
    ["without commands", []],
    ["with a command that is none", [17]],
    ["with null for a command", [null]],
    ["with an unknown command", [{ type: "conquer" }]],
    ["with the leader's command", [{ type: "tick" }]],
    ["when one of its commands is wrong", [{ type: "leave" }, { type: "release" }]],
    ["with a name that is none", [{ ...ACQUIRE, semaphore: "" }]],
    ["with a name of two lines", [{ ...ACQUIRE, semaphore: "a\nb" }]],
    ["with an id of two lines", [{ ...ACQUIRE, acquisition: "a\nb" }]],
    ["with a name that has a rarer control character", [{ ...ACQUIRE, semaphore: "a\u0085b" }]],
    ["with half a character, as good as any other half", [{ ...ACQUIRE, semaphore: "a\ud800" }]],
    ["with a value of 0", [{ ...ACQUIRE, value: 0 }]],
    ["with a value that is text", [{ ...ACQUIRE, value: "2" }]],
    ["without terms", [{ ...ACQUIRE, terms: undefined }]],
    ["with a ttl below 0", [{ ...ACQUIRE, terms: { ttlMs: -1 } }]],
    ["with a ttl that is no number", [{ ...ACQUIRE, terms: { ttlMs: "1" } }]],
    ["with a wait that is no whole number", [{ ...ACQUIRE, terms: { maxAcquireTimeMs: 0.5 } }]],
    ["with an interval that is null", [{ ...ACQUIRE, terms: { heartbeatMaxIntervalMs: null } }]],
    ["with a queue that is endless", [{ ...ACQUIRE, terms: { maxQueueSize: 1e300 } }]],
    ["with another choice", [{ ...ACQUIRE, terms: { onValueMismatch: "ask" } }]],
    ["with a noWait that is none", [{ ...ACQUIRE, terms: { noWait: 1 } }]],
    ["with metadata of numbers", [{ ...ACQUIRE, terms: { metadata: { job: 7 } } }]],
    ["with metadata that is a list", [{ ...ACQUIRE, terms: { metadata: ["7"] } }]],
    ["with a cancel for no reason", [{ type: "cancel", acquisition: "a" }]],
    ["with a former session that has no name", [{ type: "leave", former: "" }]],
    ["with a former session that is none", [{ type: "leave", former: 0 }]],
    ["with a former session that is null", [{ type: "leave", former: null }]],
    ["with a former session of two lines", [{ type: "leave", former: "0-s\n" }]],
    ["with a hold on nothing", [{ ...REASSERT, semaphore: "" }]],
    ["with a hold of nothing", [{ ...REASSERT, acquisition: undefined }]],
    ["with a hold of two lines", [{ ...REASSERT, acquisition: "a\nb" }]],
    ["with a hold of no value", [{ ...REASSERT, value: undefined }]],
    ["with a hold of value 0", [{ ...REASSERT, value: 0 }]],
    ["with a hold of no slot", [{ ...REASSERT, slot: undefined }]],
    ["with a slot below 0", [{ ...REASSERT, slot: -1 }]],
    ["with half a slot", [{ ...REASSERT, slot: 0.5 }]],
    ["with a slot that no semaphore can have", [{ ...REASSERT, slot: 1_000_000 }]],
    ["with a hold of no token", [{ ...REASSERT, token: undefined }]],
    ["with a token below 0", [{ ...REASSERT, token: -1 }]],
    ["with a token that is not whole", [{ ...REASSERT, token: 1.5 }]],
    ["with a token beyond all", [{ ...REASSERT, token: Number.MAX_SAFE_INTEGER + 1 }]],
    ["with a token after which hardly any could be granted", [{ ...REASSERT, token: 2 ** 52 + 1 }]],
    ["with a token that is text", [{ ...REASSERT, token: "1900000000000000" }]],
    ["with a hold without terms", [{ ...REASSERT, terms: undefined }]],
    ["with a hold on wrong terms", [{ ...REASSERT, terms: { ttlMs: -1 } }]],
    ["with a hold that was never asked for", [{ ...REASSERT, queuedAt: undefined }]],
    ["with a hold that was never granted", [{ ...REASSERT, grantedAt: undefined }]],
    ["with a hold since some other time", [{ ...REASSERT, grantedAt: "today" }]],
    ["with a hold that has ended", [{ ...REASSERT, ttlLeftMs: -1 }]],
    ["with a hold that ends at some time", [{ ...REASSERT, ttlLeftMs: null }]],
    ["with a resize to no value", [{ type: "resize", semaphore: "api" }]],
    ["with a resize from text", [{ type: "resize", semaphore: "api", value: 1, declared: "2" }]],
    ["with a revoke that leaves open how", [{ type: "revoke", acquisition: "a" }]],
    ["with a revoke by nobody", [{ type: "revoke", acquisition: "a", force: true, operator: "" }]],
    ["with a resize by a number", [{ type: "resize", semaphore: "api", value: 1, operator: 7 }]],
  ])("%s", (_what, drafts) => {
    expect(decode(...drafts)).toBeUndefined();
  });

  test.each([
    ["that is no JSON", { commands: "[" }],
    ["that is no list", { commands: "{}" }],
    ["without a session", { session: "" }],
    ["with number 0", { number: 0 }],
    ["with half a number", { number: 1.5 }],
  ])("%s", (_what, part) => {
    const entry = { session: "0-s", number: 1, seen: 0, commands: '[{"type":"leave"}]' };
    expect(commandsOf(entry)).toHaveLength(1);
    expect(commandsOf({ ...entry, ...part })).toBeUndefined();
  });
});
