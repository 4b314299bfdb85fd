/** What is looked at whenever a connection begins: whether this server can do what we need, and is what we think. */

import { BackendUnavailableError, ProtocolError } from "../errors.js";
import { codeOf, unavailable } from "./failures.js";
import { type Keys, PROTOCOL } from "./keys.js";
import type { Life } from "./life.js";

/** Version needed, by the field of INFO that tells the one found. Valkey tells both. */
const NEEDED: readonly [field: string, name: string, major: number, minor: number][] = [
  ["valkey_version", "Valkey", 7, 2],
  ["redis_version", "Redis", 7, 0],
];

/** Tells who the server is. @throws ProtocolError if it is too old. */
export async function checkServer(life: Life, warn: (message: string) => void): Promise<void> {
  const info = parseInfo(await askInfo(life));
  checkVersion(info);
  if (info.get("loading") === "1") throw unavailable("it is loading its data");
  if (info.get("role") === "slave") {
    throw unavailable("it is a replica, which cannot be written to. Point at the master");
  }
  const policy = info.get("maxmemory_policy") ?? "noeviction";
  if (policy !== "noeviction" && info.get("maxmemory") !== "0") {
    warn(
      `Redis may evict the data of slotstream: its maxmemory-policy is ${policy}. ` +
        "What is evicted cannot be granted on. Set maxmemory-policy noeviction.",
    );
  }
  life.runId = info.get("run_id") ?? "";
}

/** @throws ProtocolError if the data is of another version, or not ours. */
export async function checkData(life: Life, keys: Keys): Promise<void> {
  const protocol = await life.call("HGET", [keys.meta, "protocol"]);
  if (protocol !== null && protocol !== PROTOCOL) {
    throw new ProtocolError(
      `the data in Redis (${keys.meta}) has protocol ${protocol}, this version of slotstream speaks ${PROTOCOL}. ` +
        "Use one version for a namespace, or another namespace.",
    );
  }
}

/** A server that has too many clients says so with a code that has no meaning of its own. */
async function askInfo(life: Life): Promise<string> {
  try {
    return String(await life.call("INFO", []));
  } catch (error) {
    if (codeOf(error) !== "ERR" || error instanceof BackendUnavailableError) throw error;
    throw unavailable("it does not let us in", error);
  }
}

function parseInfo(text: string): Map<string, string> {
  const info = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0) info.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return info;
}

function checkVersion(info: ReadonlyMap<string, string>): void {
  for (const [field, name, major, minor] of NEEDED) {
    const found = info.get(field);
    if (found === undefined) continue;
    const [foundMajor = 0, foundMinor = 0] = found.split(".").map(Number);
    if (foundMajor > major || (foundMajor === major && foundMinor >= minor)) return;
    throw tooOld(`the server is ${name} ${found}`);
  }
  throw tooOld("the server does not tell its version");
}

function tooOld(found: string): ProtocolError {
  return new ProtocolError(
    `${found}, but slotstream needs Redis 7.0 or later, or Valkey 7.2 or later. Use a newer server.`,
  );
}
