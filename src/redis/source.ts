/** Where Redis is: a URL, an address with credentials, or an ioredis instance of the user's. */

import type { ConnectionOptions } from "node:tls";
import { Redis, type RedisOptions } from "ioredis";
import { InvalidOptionError } from "../errors.js";
import { forcedOptions, type RedisClient } from "./client.js";

/** Where Redis listens, and who we are. */
export interface RedisAddress {
  /** Default `"127.0.0.1"`. */
  readonly host?: string | undefined;
  /** Default 6379. */
  readonly port?: number | undefined;
  /** A Unix socket, instead of host and port. */
  readonly path?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Number of the database; default 0. */
  readonly db?: number | undefined;
  /** `true`, or options for `tls.connect`. */
  readonly tls?: boolean | ConnectionOptions | undefined;
}

/** A `redis://` or `rediss://` URL, an address, or an ioredis instance (5 or 6), which is duplicated and never closed. */
export type RedisSource = string | RedisAddress | RedisClient;

/** Makes a client that is not connected yet. */
export type MakeClient = (role: string) => RedisClient;

/** @throws InvalidOptionError if it cannot work. */
export function clientsOf(source: RedisSource): MakeClient {
  if (typeof source === "string") return clientsAt(addressOf(source));
  return isClient(source) ? duplicatesOf(source) : clientsAt(source);
}

export function isClient(source: object): source is RedisClient {
  return "duplicate" in source && typeof source.duplicate === "function";
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

function checkAddress({ port, db }: RedisAddress): void {
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw invalid(`the port of Redis must be a whole number from 1 to 65535, but is ${port}.`);
  }
  if (db !== undefined && !(Number.isInteger(db) && db >= 0)) {
    throw invalid(`the number of the database must be a whole number from 0, but is ${db}.`);
  }
}

/** What a `redis://` or `rediss://` URL says. @throws InvalidOptionError */
export function addressOf(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === "") {
    throw invalid(
      `the URL of Redis must be like redis://user:password@host:6379/0, or rediss:// for TLS, but is ${shown(text)}.`,
    );
  }
  if (!/^\/?\d*$/.test(url.pathname) || url.search !== "" || url.hash !== "") {
    throw invalid(
      `after the host, the URL of Redis can have a port and the number of a database, but is ${shown(text)}. ` +
        "For anything else, give it an ioredis instance.",
    );
  }
  const { username, password, hostname, port, pathname } = url;
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? undefined : Number(port),
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    db: pathname.length > 1 ? Number(pathname.slice(1)) : undefined,
    tls: url.protocol === "rediss:",
  };
}

/** Passwords don't belong in messages. */
function shown(url: string): string {
  return JSON.stringify(url.replace(/:[^:@/]*@/, ":***@"));
}

function invalid(message: string): InvalidOptionError {
  return new InvalidOptionError("redis", message);
}
