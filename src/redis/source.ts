/** Where Redis is: a URL, an address with credentials, or an ioredis instance of the user's. */

import { Redis, type RedisOptions } from "ioredis";
import { addressOf, checkAddress, invalid, type RedisAddress } from "./address.js";
import { forcedOptions, isClient, type RedisClient } from "./client.js";

/** A `redis://` or `rediss://` URL, an address, or an ioredis instance (5 or 6), which is duplicated and never closed. */
export type RedisSource = string | RedisAddress | RedisClient;

/** Makes a client that is not connected yet. */
export type MakeClient = (role: string) => RedisClient;

/** @throws InvalidOptionError if it cannot work. */
export function clientsOf(source: RedisSource): MakeClient {
  if (typeof source === "string") return clientsAt(addressOf(source));
  return isClient(source) ? duplicatesOf(source) : clientsAt(source);
}

/** Number of the database. @throws InvalidOptionError if the URL is none. */
export function databaseOf(source: RedisSource): number {
  if (typeof source === "string") return addressOf(source).db ?? 0;
  if (!isClient(source)) return source.db ?? 0;
  const { options } = source;
  return "db" in options && typeof options.db === "number" ? options.db : 0;
}

function duplicatesOf(client: RedisClient): MakeClient {
  if ("isCluster" in client && client.isCluster === true) {
    throw invalid("Redis Cluster is not supported yet. Give it an instance for one server.");
  }
  if ("keyPrefix" in client.options && client.options.keyPrefix) {
    throw invalid(
      "the ioredis instance has a keyPrefix, which would apply to some of our keys and not to others. " +
        "Give it an instance without one, and set namespace instead.",
    );
  }
  return (role) => client.duplicate(forcedOptions(role));
}

function clientsAt(address: RedisAddress): MakeClient {
  checkAddress(address);
  const { host = "127.0.0.1", port = 6379, path, username, password, db = 0, tls } = address;
  const options: RedisOptions = { host, port, username, password, db };
  if (path !== undefined) options.path = path;
  if (tls) options.tls = tls === true ? {} : tls;
  return (role) => new Redis({ ...options, ...forcedOptions(role) });
}
