/** What `createInspector` may be told, checked. What is reachable by others, or changes something, has a token. */

import { randomBytes } from "node:crypto";
import { InvalidOptionError } from "../errors.js";
import { checkKeys, checkLogger, checkWhole } from "../semaphore/options.js";
import type { Logger } from "../session/logger.js";

export interface InspectorOptions {
  /** Default: 7600; 0 takes any that is free. */
  readonly port?: number | undefined;
  /** Where it listens. Default: `127.0.0.1`, which only this computer reaches. */
  readonly host?: string | undefined;
  /**
   * Who doesn't say it gets nothing: at least 16 characters of `A-Z a-z 0-9 - . _ ~`. Default: one is made if others than this
   * computer can reach it, or actions are allowed; it is part of `url`.
   */
  readonly token?: string | undefined;
  /** Whether who looks may also revoke and resize. Default: false. */
  readonly allowActions?: boolean | undefined;
  /** Whether `/metrics` and `/healthz` are served as well, for Prometheus; not of an export. Default: false. */
  readonly metrics?: boolean | undefined;
  /** Told of who looks (debug), of actions (info) and of what goes wrong (warn). */
  readonly logger?: Logger | undefined;
}

export interface CheckedOptions {
  readonly port: number;
  readonly host: string;
  readonly token: string | undefined;
  readonly allowActions: boolean;
  readonly metrics: boolean;
  readonly logger: Logger | undefined;
}

export const DEFAULT_PORT = 7600;
const DEFAULT_HOST = "127.0.0.1";
const MAX_PORT = 65_535;
const TOKEN_BYTES = 16;
/** What needs no quoting, neither in a URL nor in a header. */
const TOKEN = /^[\w.~-]{16,256}$/;

/** @throws InvalidOptionError */
export function checkOptions(options: InspectorOptions): CheckedOptions {
  checkKeys(options, ["port", "host", "token", "allowActions", "metrics", "logger"]);
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, token } = options;
  const { allowActions = false, metrics = false } = options;
  checkPort(port);
  if (typeof host !== "string" || !/^[\w.:%-]+$/.test(host)) {
    throw new InvalidOptionError(
      "host",
      "host must be an address or a name, such as 127.0.0.1 or 0.0.0.0. Leave it out to be reached from this computer alone.",
    );
  }
  if (typeof allowActions !== "boolean") {
    throw new InvalidOptionError("allowActions", "allowActions must be true or false.");
  }
  if (typeof metrics !== "boolean") {
    throw new InvalidOptionError("metrics", "metrics must be true or false.");
  }
  const isNeeded = allowActions || !isLoopback(host);
  return {
    port,
    host,
    token:
      checkToken(token) ?? (isNeeded ? randomBytes(TOKEN_BYTES).toString("base64url") : undefined),
    allowActions,
    metrics,
    logger: checkLogger(options.logger),
  };
}

/** Whether only this computer can reach what listens there. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function checkPort(port: number): void {
  const remedy = "Leave it out for the default, or pass 0 for any that is free.";
  if (checkWhole("port", port, remedy) <= MAX_PORT) return;
  throw new InvalidOptionError(
    "port",
    `port must be at most ${MAX_PORT}, but is ${port}. ${remedy}`,
  );
}

/** Its own text is not repeated: errors end in logs. */
function checkToken(token: unknown): string | undefined {
  if (token === undefined) return undefined;
  if (typeof token === "string" && TOKEN.test(token)) return token;
  throw new InvalidOptionError(
    "token",
    "token must have 16 to 256 characters of A-Z a-z 0-9 - . _ ~ and no other. Leave it out, and one is made.",
  );
}
