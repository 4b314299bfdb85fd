/**
 * What a failure of Redis, ioredis or the network means: whether it is worth another try
 * (`BackendUnavailableError`) or final. Judged by the code of a reply, its first word, never by its text.
 */

import {
  BackendUnavailableError,
  InvalidOptionError,
  ProtocolError,
  SemaphoreError,
} from "../errors.js";

/** What was asked when it failed. */
export interface Asked {
  readonly command: string;
  /** The key or channel that it is about, if there is one. */
  readonly key: string | undefined;
}

/** Redis cannot do it now, but may soon. */
const PASSING = new Map([
  ["OOM", "its memory is full. Raise maxmemory, or free some"],
  ["LOADING", "it is loading its data"],
  ["BUSY", "a script of somebody keeps it busy"],
  ["TRYAGAIN", "it is moving the data"],
  ["MISCONF", "it cannot save its data to disk, and refuses to write. Look at its log"],
  ["CLUSTERDOWN", "its cluster is down"],
  ["MASTERDOWN", "its master is down"],
  ["READONLY", "it is a replica, perhaps since a failover. Point at the master"],
  ["NOREPLICAS", "too few replicas are connected (min-replicas-to-write)"],
  ["UNBLOCKED", "it has become a replica"],
]);

const DENIED = new Set(["NOAUTH", "WRONGPASS", "NOPERM"]);
const ELSEWHERE = new Set(["MOVED", "ASK", "CROSSSLOT"]);

/** What a user of ours must be allowed. Braces are part of the names. */
export const ACL_EXAMPLE =
  "ACL SETUSER app on >password resetkeys ~{slotstream:* resetchannels &{slotstream:* -@all " +
  "+info +eval +evalsha +time +xadd +xread +xrange +xrevrange +xlen +xtrim +xinfo|stream " +
  "+hget +hmget +hset +hdel +hscan +hlen +exists +type +get +set +del +pttl +pexpire " +
  "+ssubscribe +sunsubscribe +spublish +pubsub|shardnumsub +client|setname +select";

/** The code of an error reply, also of one that is the cause of an error; `undefined` for anything else. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof SemaphoreError) return codeOf(error.cause);
  if (!(error instanceof Error) || error.name !== "ReplyError") return undefined;
  return /^[A-Z]+(?= )/.exec(error.message)?.[0] ?? "ERR";
}

/** Redis cannot be used now; another try may succeed. */
export function unavailable(why: string, cause?: unknown): BackendUnavailableError {
  return new BackendUnavailableError(`Redis is not available: ${why}.`, { cause });
}

export function failureOf(error: unknown, asked?: Asked): SemaphoreError {
  if (error instanceof SemaphoreError) return error;
  const code = codeOf(error);
  const text = textOf(error);
  if (code === undefined) return unavailable(text, error);
  const passing = PASSING.get(code);
  if (passing !== undefined) return unavailable(`${passing} (${text})`, error);
  if (DENIED.has(code)) return denied(code, text, asked);
  return new ProtocolError(explain(code, text, asked), { cause: error });
}

function explain(code: string, text: string, asked: Asked | undefined): string {
  const key = asked?.key ?? "one of the keys";
  if (code === "DATA") {
    return (
      `${text.slice(5)}. Nothing is granted on data that cannot be trusted. Find out who changed it; ` +
      "if nothing is held, delete all keys of the namespace."
    );
  }
  if (code === "PROTOCOL") {
    return `${text.slice(9)}. Use one version of slotstream for a namespace, or another namespace.`;
  }
  if (code === "WRONGTYPE") {
    return `${key} in Redis is of another type than slotstream uses: it is not ours. Remove it, or use another namespace.`;
  }
  if (ELSEWHERE.has(code)) {
    return `the server is part of a Redis Cluster and sends us elsewhere (${text}). Cluster is not supported yet.`;
  }
  return `Redis refused ${asked?.command ?? "a command"}: ${text}.`;
}

function denied(code: string, text: string, asked: Asked | undefined): InvalidOptionError {
  if (code !== "NOPERM") {
    return new InvalidOptionError(
      "redis",
      `Redis refused the user or the password: ${text}. Give both in the URL, redis://user:password@host, or in redis.`,
    );
  }
  const subject = asked ? ` for ${asked.command}${asked.key ? ` on ${asked.key}` : ""}` : "";
  return new InvalidOptionError(
    "redis",
    `the Redis user lacks a permission${subject}: ${text.replace(/^NOPERM /, "")}. ` +
      `What slotstream needs, with namespace "slotstream": ${ACL_EXAMPLE}`,
  );
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(textOf).join(", ");
  }
  return error.message.replace(/[.\s]+$/, "");
}
