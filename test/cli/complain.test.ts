import { describe, expect, test } from "vitest";
import { endWith, explain } from "../../src/cli/complain.js";
import { Interrupted } from "../../src/cli/complaint.js";
import { cannotRun } from "../../src/cli/run/cannot-run.js";
import {
  AcquireCancelledError,
  AcquireTimeoutError,
  AcquisitionLostError,
  BackendUnavailableError,
  InvalidOptionError,
  ProtocolError,
  ValueMismatchError,
} from "../../src/index.js";

describe("errors of the library are told in the words of the command line", () => {
  test("no slot in time", () => {
    const failure = { semaphoreName: "api", value: 2, held: 2, waitedMs: 1500, positionAtMost: 3 };
    expect(explain(new AcquireTimeoutError(failure))).toBe(
      'no slot of "api" came free within 1.5 s: 2 of 2 were held. Raise --max-wait, or --value.',
    );
  });

  test("a slot held too long", () => {
    expect(explain(new AcquisitionLostError("api", "a-1", "ttl"))).toBe(
      'the slot of "api" was lost: it was held longer than --ttl. Raise --ttl, or make the command faster.',
    );
  });

  test("a slot lost otherwise", () => {
    expect(explain(new AcquisitionLostError("api", "a-1", "revoked"))).toBe(
      'the slot of "api" was lost: an operator revoked it.',
    );
  });

  test("no slot in time, and who holds is not known", () => {
    const failure = { semaphoreName: "api", value: 2, waitedMs: 1500 };
    const unknown = { ...failure, held: undefined, positionAtMost: undefined };
    expect(explain(new AcquireTimeoutError(unknown))).toBe(
      'no slot of "api" came free within 1.5 s. Raise --max-wait, or --value.',
    );
  });

  test("no slot in time because Redis was out of reach", () => {
    const failure = { semaphoreName: "api", value: 2, held: 0, waitedMs: 1500, positionAtMost: 1 };
    const cause = new BackendUnavailableError("Redis is not available: it is loading its data.");
    expect(endWith(new AcquireTimeoutError(failure, { cause }))).toEqual({
      status: 69,
      message:
        'no slot of "api" came free within 1.5 s: Redis is not available: it is loading its data.',
    });
  });

  test("a slot lost in silence", () => {
    expect(explain(new AcquisitionLostError("api", "a-1", "heartbeat"))).toBe(
      'the slot of "api" was lost: nothing was heard of this process for too long. ' +
        "Was Redis out of reach, or the process suspended?",
    );
  });

  test("a place in the queue that was revoked", () => {
    expect(endWith(new AcquireCancelledError("api"))).toEqual({
      status: 75,
      message: 'the place in the queue of "api" was lost: an operator revoked it.',
    });
  });

  test("another value than the others'", () => {
    expect(endWith(new ValueMismatchError("api", 3, 2))).toEqual({
      status: 64,
      message:
        '"api" is in use with --value 3, but this one says 2. Say the same everywhere, or wait until nobody uses it.',
    });
  });

  test("anything else by its message", () => {
    expect(explain(new Error("what, why, and the remedy."))).toBe("what, why, and the remedy.");
    expect(explain("text")).toBe("text");
  });
});

describe("Redis", () => {
  const unavailable = (cause?: unknown) =>
    new BackendUnavailableError("Redis is not available: no connection.", { cause });

  test("out of reach is 69, with what the network says", () => {
    const refused = new Error("connect ECONNREFUSED 127.0.0.1:1");
    expect(endWith(unavailable(unavailable(refused)))).toEqual({
      status: 69,
      message: "Redis is not available: no connection. (connect ECONNREFUSED 127.0.0.1:1)",
    });
  });

  test("at several addresses, out of reach at all of them", () => {
    const all = new AggregateError([
      new Error("refused at ::1"),
      new Error("refused at 127.0.0.1"),
    ]);
    expect(explain(unavailable(all))).toBe(
      "Redis is not available: no connection. (refused at ::1, refused at 127.0.0.1)",
    );
  });

  test("out of reach, and that is all that is known", () => {
    expect(explain(unavailable())).toBe("Redis is not available: no connection.");
  });

  test("out of reach, as it turned out while somebody waited", () => {
    const gone = new BackendUnavailableError("Redis is not available: it did not answer.");
    expect(explain(unavailable(gone))).toBe("Redis is not available: it did not answer.");
  });

  test("out of reach because of itself", () => {
    const circular = new Error("round and round");
    circular.cause = circular;
    expect(explain(unavailable(circular))).toContain("round and round");
  });

  test.each([
    new ProtocolError("the server is Redis 6.2.0, but slotstream needs Redis 7.0 or later."),
    new InvalidOptionError("redis", "Redis refused the user or the password."),
  ])("that refuses is 78: %s", (error) => {
    expect(endWith(error)).toEqual({ status: 78, message: error.message });
  });
});

test.each([
  [new Error("a mistake of ours"), { status: 70, message: "a mistake of ours" }],
  [new InvalidOptionError("name", "name is wrong."), { status: 64, message: "name is wrong." }],
  [new Interrupted("SIGTERM"), { status: 143 }],
])("%s", (error, end) => {
  expect(endWith(error)).toEqual(end);
});

describe("why a command cannot be run", () => {
  const because = (file: string, code: string) =>
    cannotRun(file, Object.assign(new Error(code), { code }));

  test.each([
    ["nope", "ENOENT", 127, "command not found: nope. Is it installed, and in PATH?"],
    ["./nope", "ENOENT", 127, "command not found: ./nope. Is the path right?"],
    ["/etc/passwd/x", "ENOTDIR", 127, "command not found: /etc/passwd/x. Is the path right?"],
    ["", "ERR_INVALID_ARG_VALUE", 127, 'command not found: "". Is it installed, and in PATH?'],
    ["/etc/passwd", "ENOENT", 126, /interpreter that its first line names was not found/],
    ["/etc/passwd", "EACCES", 126, /it is not executable/],
    ["cat", "E2BIG", 126, /its arguments are too long/],
    ["cat", "EAGAIN", 126, /no room for one more process. Lower --value/],
    ["cat", "ERR_INVALID_ARG_VALUE", 126, /NUL character/],
    ["cat", "ELOOP", 126, "cannot run cat: the system says ELOOP."],
  ])("%s, %s", (file, code, exitStatus, message) => {
    expect(because(file, code)).toMatchObject({
      exitStatus,
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
  });
});
