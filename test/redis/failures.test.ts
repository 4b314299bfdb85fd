/** What a reply means is told by its code alone: texts differ between versions of Redis (trap 24). */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError, InvalidOptionError, ProtocolError } from "../../src/index.js";
import { codeOf, failureOf } from "../../src/redis/failures.js";

/** As the client makes it of a reply. */
function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}

describe("the code of a reply (trap 24)", () => {
  test.each([
    ["NOSCRIPT No matching script. Please use EVAL.", "NOSCRIPT"],
    ["NOSCRIPT in other words", "NOSCRIPT"],
    ["ERR NOSCRIPT is only spoken of here", "ERR"],
    ["ERR value is not an integer or out of range", "ERR"],
    ["value is not an integer, as an older Redis says it", "ERR"],
    ["OOMPH is another word", "OOMPH"],
  ])("%s: %s", (message, code) => {
    expect(codeOf(replyError(message))).toBe(code);
  });

  test("is that of the cause, where an error has one", () => {
    expect(codeOf(failureOf(replyError("LOADING Redis is loading the dataset")))).toBe("LOADING");
  });

  test("is none for what Redis did not say, whatever the text is", () => {
    expect(codeOf(new Error("OOM command not allowed"))).toBeUndefined();
    expect(codeOf("OOM command not allowed")).toBeUndefined();
  });
});

test.each([
  ["OOM in whatever words", BackendUnavailableError],
  ["NOPERM in whatever words", InvalidOptionError],
  ["WRONGTYPE in whatever words", ProtocolError],
  ["ERR OOM command not allowed when used memory > 'maxmemory'.", ProtocolError],
])("%s: what follows is judged by the code (trap 24)", (message, kind) => {
  expect(failureOf(replyError(message))).toBeInstanceOf(kind);
});
