/** Runs the examples as their head comments say: as processes, on a Redis of the test's own. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { type Result, Running } from "../cli/support.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

export const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

/** Gone after the test. */
export async function testServer(): Promise<RedisServer> {
  const server = await startRedis();
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** Closed after the test. */
export function coordinatorOn({ url }: RedisServer): RedisCoordinator {
  const coordinator = new RedisCoordinator({ url });
  onTestFinished(() => coordinator.close());
  return coordinator;
}

/** @param redis where `SLOTSTREAM_REDIS_URL` says that it is; there is no such variable without. */
export function start(
  command: readonly string[],
  redis: RedisServer | undefined,
  cwd = CHECKOUT,
): Running {
  const { SLOTSTREAM_REDIS_URL: _, ...env } = process.env;
  const [file = "", ...args] = command;
  const child = spawn(file === "node" ? process.execPath : file, args, {
    cwd,
    env: redis ? { ...env, SLOTSTREAM_REDIS_URL: redis.url } : env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Running(child);
}

export function startExample(name: string, args: readonly string[], redis?: RedisServer): Running {
  return start(["node", join("examples", name), ...args], redis);
}

export function example(
  name: string,
  args: readonly string[],
  redis?: RedisServer,
): Promise<Result> {
  return startExample(name, args, redis).ended();
}

/** What it printed, if it ended well and complained of nothing. */
export function linesOf({ status, stdout, stderr }: Result): string[] {
  if (status !== 0 || stderr !== "") throw new Error(`ended with ${status}: ${stdout}${stderr}`);
  return stdout.trimEnd().split("\n");
}
