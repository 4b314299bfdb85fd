/** The address of a Redis server: as an object, which is checked, or as a URL, which is read. */

import type { ConnectionOptions } from "node:tls";
import { isObject } from "../core/json.js";
import { InvalidOptionError } from "../errors.js";

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

const TEXTS = ["host", "path", "username", "password"] as const;

/** Credentials are not shown. @throws InvalidOptionError if one cannot connect to it. */
export function checkAddress(address: RedisAddress): void {
  const { port, db, tls } = address;
  const wrong = TEXTS.find((key) => address[key] !== undefined && typeof address[key] !== "string");
  if (wrong !== undefined)
    throw invalid(`${wrong} must be a string. Leave it out for the default.`);
  if (address.host === "" || address.path === "") {
    throw invalid("host and path must not be empty. Leave both out for this machine.");
  }
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw invalid(`the port of Redis must be a whole number from 1 to 65535, but is ${port}.`);
  }
  if (db !== undefined && !(Number.isSafeInteger(db) && db >= 0)) {
    throw invalid(`the number of the database must be a whole number from 0, but is ${db}.`);
  }
  if (tls !== undefined && typeof tls !== "boolean" && !isObject(tls)) {
    throw invalid("tls must be true, or an object with options of tls.connect, such as { ca }.");
  }
}

/** What a `redis://` or `rediss://` URL says. @throws InvalidOptionError */
export function addressOf(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === "") {
    throw invalid(
      `the URL of Redis must be like redis://user:password@host:6379/0, or rediss:// for TLS, but is ${shown(text)}.` +
        (text.includes("@") ? " Encode user and password with encodeURIComponent." : ""),
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
    username: decoded(username) || undefined,
    password: decoded(password) || undefined,
    db: pathname.length > 1 ? Number(pathname.slice(1)) : undefined,
    tls: url.protocol === "rediss:",
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(
      "in the URL of Redis, user or password has a % that begins no escape. Encode both with encodeURIComponent, " +
        "or give them beside the URL: { url, username, password }.",
    );
  }
}

/** Passwords don't belong in messages, and may contain whatever divides a URL. */
function shown(url: string): string {
  return JSON.stringify(url.replace(/^([a-z]*:\/\/)?.*@/is, "$1***@").replace(/\?.*/s, "?…"));
}

/** About the option as a whole. */
export function invalid(message: string): InvalidOptionError {
  return new InvalidOptionError("redis", message);
}
