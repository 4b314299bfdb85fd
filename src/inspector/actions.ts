/** What a page may do, where that is allowed: revoke and resize. What it sends is checked, and who does it goes along. */

import type { IncomingMessage } from "node:http";
import { isObject, parseJson } from "../core/json.js";
import { SemaphoreError, type SemaphoreErrorCode } from "../errors.js";
import type { Coordinator } from "../index.js";
import { Refusal } from "./refusal.js";

/** What is asked for, checked. */
export interface Action {
  /** For the log. */
  readonly what: Readonly<Record<string, string | number | boolean>>;
  /** Who asks, as he calls himself: the history says so. */
  readonly by: string;
  /** Resolves with whether there was something to do. */
  perform(coordinator: Coordinator): Promise<boolean>;
}

type Body = Readonly<Record<string, unknown>>;

const MAX_BODY_BYTES = 4 * 1024;
const MAX_BY_LENGTH = 100;

/** By the name of its route. Each throws a `Refusal` for a body that says something else. */
export const ACTIONS: Readonly<Record<"revoke" | "resize", (body: Body) => Action>> = {
  revoke(body) {
    checkMembers(body, ["id", "force", "by"]);
    const { id, force = false } = body;
    if (typeof id !== "string") throw wrong('id must be a string, as in {"id":"Vt3x-1"}');
    if (typeof force !== "boolean") throw wrong("force must be true or false");
    const by = byOf(body);
    return {
      what: { id, force },
      by,
      perform: (coordinator) => coordinator.revoke(id, { force, operator: by }),
    };
  },
  resize(body) {
    checkMembers(body, ["semaphore", "value", "by"]);
    const { semaphore, value } = body;
    if (typeof semaphore !== "string") throw wrong("semaphore must be a string");
    if (typeof value !== "number") throw wrong("value must be a number");
    const by = byOf(body);
    return {
      what: { semaphore, value },
      by,
      perform: (coordinator) => coordinator.resize(semaphore, value, { operator: by }),
    };
  },
};

/** The JSON object that is sent. Rejects with a `Refusal`. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const { headers } = request;
  if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    throw new Refusal(
      415,
      "NOT_JSON",
      "the body must be application/json, and say so in Content-Type.",
    );
  }
  if (Number(headers["content-length"]) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  const body = parseJson(Buffer.concat(chunks).toString());
  if (isObject(body)) return body;
  throw wrong("the body must be a JSON object");
}

/** What the page is told of an action that failed; `undefined` if that is a mistake of ours. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof SemaphoreError)) return undefined;
  const known = FAILURES[error.code];
  return known && new Refusal(known.status, error.code, known.message ?? error.message);
}

/** The words of the error itself are told only where they cannot name an address. */
const FAILURES: Partial<Record<SemaphoreErrorCode, { status: number; message?: string }>> = {
  INVALID_OPTION: { status: 400 },
  BACKEND_UNAVAILABLE: {
    status: 503,
    message:
      "nobody answered: Redis cannot be reached, or nobody leads. It may have been done; look again.",
  },
  CLOSED: { status: 503 },
};

/** @throws Refusal */
function byOf({ by }: Body): string {
  const name = typeof by === "string" ? by.trim() : "";
  if (name !== "" && name.length <= MAX_BY_LENGTH && !/[\p{Cc}\p{Cs}]/u.test(name)) return name;
  throw wrong(
    `by must say who does it, in 1 to ${MAX_BY_LENGTH} characters without control characters: it goes into the history`,
  );
}

/** @throws Refusal */
function checkMembers(body: Body, allowed: readonly string[]): void {
  const unknown = Object.keys(body).find((key) => !allowed.includes(key));
  if (unknown !== undefined) throw wrong(`it may have ${allowed.join(", ")} and nothing else`);
}

function wrong(problem: string): Refusal {
  return new Refusal(400, "WRONG_BODY", `${problem}. Nothing was done.`);
}

function tooLarge(): Refusal {
  // What is still under way is not read.
  return new Refusal(413, "TOO_LARGE", `the body may have ${MAX_BODY_BYTES} bytes at most.`, {
    Connection: "close",
  });
}
