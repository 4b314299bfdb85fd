/** Options of Redis mode as users give them, checked. */

import { isObject } from "../core/json.js";
import { InvalidOptionError } from "../errors.js";
import type { Retention } from "../ports.js";
import { DEFAULT_RETENTION } from "../reconciler/checkpoints.js";
import { addressOf, type RedisAddress } from "../redis/address.js";
import { isClient, type RedisClient } from "../redis/client.js";
import type { RedisSource } from "../redis/source.js";
import type { Logger } from "../session/logger.js";
import { checkKeys, checkLogger, isPlainObject, MIN_HEARTBEAT_MS } from "./options.js";
import { checkRetention, type HistoryRetention } from "./retention.js";

/** Where Redis is, and how slotstream uses it. All durations are in milliseconds. */
export interface RedisConfig extends RedisAddress {
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. Default: `redis://localhost:6379`. */
  readonly url?: string | undefined;
  /** An ioredis instance (5 or 6) instead: it is duplicated, and never closed. */
  readonly client?: RedisClient | undefined;
  /** Semaphores of the same name share their slots only within a namespace. Default: `slotstream`. */
  readonly namespace?: string | undefined;
  /**
   * `embedded` (default): this process leads when nobody else does. `external`: it never does, so a
   * `slotstream reconciler` must run somewhere.
   */
  readonly reconciler?: "embedded" | "external" | undefined;
  /**
   * How much of the history is kept while this process leads: so many of the newest events, or somewhat more; or events and
   * age. Say the same to all that may lead. At least 1 event; default: 100,000, however old.
   */
  readonly historyRetention?: number | HistoryRetention | undefined;
  /**
   * For how long nothing is granted after Redis was restarted or failed over, and the longest
   * `heartbeatMaxIntervalMs` allowed. The longest of all leaders counts, and the pause is never shorter than a
   * `heartbeatMaxIntervalMs` that the data knows of. At least 500; default: 15,000.
   */
  readonly failoverPauseMs?: number | undefined;
  /** How long a question may stay unanswered before it fails. At least 100; default: 5,000. */
  readonly responseTimeoutMs?: number | undefined;
  /** Told of what concerns no single acquisition: outages, who leads, settings of Redis that may lose data. */
  readonly logger?: Logger | undefined;
}

/** A URL, an ioredis instance, or both and more in a `RedisConfig`. */
export type RedisOption = string | RedisClient | RedisConfig;

export interface CheckedRedisConfig {
  readonly source: RedisSource;
  readonly namespace: string | undefined;
  readonly embedded: boolean;
  readonly retention: Retention;
  readonly failoverPauseMs: number;
  readonly responseTimeoutMs: number;
  readonly logger: Logger | undefined;
}

const DEFAULT_URL = "redis://localhost:6379";
const DEFAULT_PAUSE_MS = 15_000;
const DEFAULT_RESPONSE_MS = 5_000;
/** The shortest `failoverPauseMs`: no shorter interval could be asked for. */
export const MIN_PAUSE_MS = MIN_HEARTBEAT_MS;
/** It is also how long a connection may say nothing before it counts as lost. */
const MIN_RESPONSE_MS = 100;

const ADDRESS = ["host", "port", "path", "username", "password", "db", "tls"] as const;
const KEYS = [
  "url",
  "client",
  "namespace",
  "reconciler",
  "historyRetention",
  "failoverPauseMs",
  "responseTimeoutMs",
  "logger",
  ...ADDRESS,
];

/** @throws InvalidOptionError */
export function checkRedis(option: unknown): CheckedRedisConfig {
  const config = configOf(option);
  checkKeys(config, KEYS);
  const { namespace, reconciler = "embedded", historyRetention, logger } = config;
  if (namespace !== undefined && typeof namespace !== "string") {
    throw new InvalidOptionError("namespace", "namespace must be a string.");
  }
  if (reconciler !== "embedded" && reconciler !== "external") {
    throw new InvalidOptionError("reconciler", 'reconciler must be "embedded" or "external".');
  }
  return {
    source: sourceOf(config),
    namespace,
    embedded: reconciler === "embedded",
    retention: checkRetention(historyRetention, DEFAULT_RETENTION.events, 1),
    failoverPauseMs: atLeast(
      MIN_PAUSE_MS,
      "failoverPauseMs",
      config.failoverPauseMs ?? DEFAULT_PAUSE_MS,
    ),
    responseTimeoutMs: atLeast(
      MIN_RESPONSE_MS,
      "responseTimeoutMs",
      config.responseTimeoutMs ?? DEFAULT_RESPONSE_MS,
    ),
    logger: checkLogger(logger),
  };
}

function configOf(option: unknown): RedisConfig {
  if (option === undefined) return {};
  if (typeof option === "string") return { url: option };
  if (isObject(option)) {
    if (isClient(option)) return { client: option };
    refuseNodeRedis("redis", option);
    if (isPlainObject(option)) return option;
  }
  throw new InvalidOptionError(
    "redis",
    'redis must be a URL (a string) such as "redis://localhost:6379", an ioredis instance, or an object with ' +
      "these and more.",
  );
}

/** What it is instead is not shown: it may contain a password. */
function checkClient(client: unknown): RedisClient {
  if (isObject(client)) {
    if (isClient(client)) return client;
    refuseNodeRedis("client", client);
  }
  throw new InvalidOptionError(
    "client",
    "client must be an ioredis instance (5 or 6), and this is none. Make one with new Redis(…), or give a url instead.",
  );
}

/** The package `redis` has clients as well, which are not those of ioredis. */
function refuseNodeRedis(option: string, value: Record<string, unknown>): void {
  if (typeof value.isOpen !== "boolean" || typeof value.sendCommand !== "function") return;
  throw new InvalidOptionError(
    option,
    `${option} is a client of the package "redis" (node-redis), but slotstream works with ioredis, which it brings ` +
      "along. Give it the URL that the client was made with.",
  );
}

function checkUrl(url: unknown): string | undefined {
  if (url === undefined || typeof url === "string") return url;
  throw new InvalidOptionError("url", "url must be a string. Of a URL object, pass its href.");
}

/** One of a URL, an instance and an address. */
function sourceOf(config: RedisConfig): RedisSource {
  const url = checkUrl(config.url);
  const client = config.client === undefined ? undefined : checkClient(config.client);
  const given = ADDRESS.filter((key) => config[key] !== undefined);
  const address: RedisAddress = Object.fromEntries(given.map((key) => [key, config[key]]));
  const place = given.find((key) => key === "host" || key === "port" || key === "path");
  if (client !== undefined) {
    if (url === undefined && given.length === 0) return client;
    throw new InvalidOptionError(
      url === undefined ? (given[0] ?? "client") : "url",
      "an ioredis instance knows its server already. Give it client, or the address, not both.",
    );
  }
  if (url !== undefined && place !== undefined) {
    throw new InvalidOptionError(place, `url says where Redis is. Leave out ${place}.`);
  }
  if (given.length === 0) return url ?? DEFAULT_URL;
  return url === undefined ? address : { ...addressOf(url), ...address };
}

function atLeast(least: number, option: string, value: unknown): number {
  if (typeof value === "number" && value >= least && value <= Number.MAX_SAFE_INTEGER) {
    return Math.ceil(value);
  }
  throw new InvalidOptionError(
    option,
    `${option} must be a number of milliseconds, at least ${least}. Leave it out for the default.`,
  );
}
