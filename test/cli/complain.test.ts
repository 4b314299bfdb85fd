import { describe, expect, test } from "vitest";
import { explain } from "../../src/cli/complain.js";
import { cannotRun } from "../../src/cli/run/cannot-run.js";
import {
  AcquireTimeoutError,
  AcquisitionLostError,
  InvalidOptionError,
  MemorySemaphore,
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

  test.each([
    [{ name: "", value: 1 }, /^--name must be a string that is not empty/],
    [{ name: "api", value: 0 }, /^--value must be a whole number from 1 to 1000000, but is 0/],
    [{ name: "api", value: 1, ttlMs: 0 }, /^--ttl must be a number of milliseconds, at least 1/],
    [
      { name: "api", value: 1, maxAcquireTimeMs: 0 },
      /^--max-wait must be a number of milliseconds/,
    ],
  ])("%j", (options, message) => {
    expect(() => new MemorySemaphore(options)).toThrow(InvalidOptionError);
    try {
      new MemorySemaphore(options);
    } catch (error) {
      expect(explain(error)).toMatch(message);
    }
  });

  test("anything else by its message", () => {
    expect(explain(new Error("what, why, and the remedy."))).toBe("what, why, and the remedy.");
    expect(explain("text")).toBe("text");
  });
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
