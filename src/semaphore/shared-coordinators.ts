/** Coordinators that were made on demand: semaphores with equal options share one. */

import { isClient } from "../redis/client.js";
import { checkRedis, type RedisOption } from "./redis-config.js";
import { RedisCoordinator } from "./redis-coordinator.js";

const shared = new Map<string, RedisCoordinator>();
/** What cannot be written down is told apart by its identity. */
const identities = new WeakMap<object, number>();
let identified = 0;

/** @throws InvalidOptionError */
export function sharedCoordinator(redis: RedisOption | undefined): RedisCoordinator {
  checkRedis(redis);
  const key = keyOf(redis);
  const known = shared.get(key);
  if (known && !known.session.closing) return known;
  const made = new RedisCoordinator(redis);
  shared.set(key, made);
  return made;
}

function keyOf(redis: RedisOption | undefined): string {
  const config = typeof redis === "string" ? { url: redis } : (redis ?? {});
  const entries = Object.entries(isClient(config) ? { client: config } : config);
  const given = entries.filter(([, value]) => value !== undefined);
  given.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(given.map(([key, value]) => [key, identityOf(value, key)]));
}

function identityOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || key === "historyRetention") return value;
  const known = identities.get(value);
  if (known !== undefined) return { object: known };
  identities.set(value, ++identified);
  return { object: identified };
}
