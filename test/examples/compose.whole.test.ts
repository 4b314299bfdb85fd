/**
 * docker-compose.yml: what it says is sound, and its very commands, run as processes in a folder with what
 * the image has, make a fleet that survives its leader.
 */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import type { Running } from "../cli/support.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import {
  commandOf,
  compose,
  copied,
  copiedFromContext,
  dockerfile,
  healthCheckOf,
  isThere,
  redisConfiguration,
  type Service,
  sentToDocker,
  unpackedImage,
} from "./compose.js";
import { start } from "./support.js";

const { redis, reconciler, worker, cli } = compose.services;

describe("what it says", () => {
  test("Redis keeps its data, evicts nothing, and is for this machine only", () => {
    expect(redis.image).toMatch(/^redis:[78]/);
    expect(redisConfiguration()).toMatchObject({
      appendonly: "yes",
      "maxmemory-policy": "noeviction",
    });
    expect(redis.ports).toEqual(["127.0.0.1:6379:6379"]);
    const [volume = ""] = redis.volumes?.[0]?.split(":") ?? [];
    expect(Object.keys(compose.volumes)).toEqual([volume]);
  });

  test("two reconcilers and some workers wait for Redis, and are checked and restarted", () => {
    expect(reconciler.deploy?.replicas).toBe(2);
    expect(worker.deploy?.replicas).toBeGreaterThan(1);
    for (const service of [reconciler, worker]) {
      expect(service.depends_on).toEqual({ redis: { condition: "service_healthy" } });
      expect(service.environment).toEqual({ SLOTSTREAM_REDIS_URL: "redis://redis:6379" });
      expect(service.restart).toBe("unless-stopped");
      expect(service.init).toBe(true);
    }
    for (const service of [redis, reconciler, worker])
      expect(healthCheckOf(service)).not.toEqual([]);
    expect(cli).toMatchObject({ profiles: ["cli"], healthcheck: { disable: true } });
  });

  test("the image is built from what is there, and runs as nobody in particular", () => {
    expect(copiedFromContext().filter((path) => !isThere(path))).toEqual([]);
    expect(copiedFromContext().map(withoutDot).sort()).toEqual(sentToDocker().sort());
    expect(copied()).toContain("dist");
    expect(dockerfile).toContain("USER node");
    expect(dockerfile.filter((line) => line.startsWith("FROM "))).toEqual([
      "FROM node:20-slim AS build",
      "FROM node:20-slim",
    ]);
  });
});

test("the fleet works, and goes on when its leader is killed", async () => {
  const server = await startRedis(redisConfiguration());
  onTestFinished(() => server[Symbol.asyncDispose]());
  const image = unpackedImage();
  const run = (service: Service) =>
    Array.from({ length: service.deploy?.replicas ?? 1 }, () =>
      start(commandOf(service), server, image),
    );

  const reconcilers = run(reconciler);
  const { leader, other } = await roles(reconcilers);
  const workers = run(worker);
  for (const one of workers) await one.said(/"slot":[0-2],/);
  await Promise.all([reconciler, worker].map((service) => healthy(service, server, image)));
  await healthyRedis(server);

  const before = tokens(workers);
  leader.child.kill("SIGKILL");
  await other.said(/leading/);
  for (const one of workers) await saysMore(one);
  await ended(workers);

  const all = tokens(workers);
  expect(Math.max(...all)).toBeGreaterThan(Math.max(...before));
  expect(new Set(all).size).toBe(all.length);
  expect(await mostHeld(server)).toBe(3);
  await ended([other]);
}, 60_000);

test("a health check fails when Redis is gone", async () => {
  const server = await startRedis();
  onTestFinished(() => server[Symbol.asyncDispose]());
  await server.stop();
  const check = start(healthCheckOf(worker), server, unpackedImage());
  expect(await check.ended()).toMatchObject({ status: 69 });
});

/** Which one leads, once one does. */
async function roles(
  reconcilers: readonly Running[],
): Promise<Record<"leader" | "other", Running>> {
  const [one, two] = reconcilers;
  if (one === undefined || two === undefined) throw new Error("there are not two reconcilers");
  const leads = async (leader: Running, other: Running) => {
    await leader.said(/leading/);
    return { leader, other };
  };
  return Promise.race([leads(one, two), leads(two, one)]);
}

async function healthy(service: Service, server: RedisServer, image: string): Promise<void> {
  expect(await start(healthCheckOf(service), server, image).ended()).toMatchObject({ status: 0 });
}

async function healthyRedis({ port }: RedisServer): Promise<void> {
  const [file = "", ...args] = healthCheckOf(redis);
  const command = args.map((arg) => arg.replace("redis-cli", `redis-cli -p ${port}`));
  await promisify(execFile)(file, command);
}

/** How many slots were held at a time, as the history tells; all were given back. */
async function mostHeld({ url }: RedisServer): Promise<number> {
  await using coordinator = new RedisCoordinator({ url, reconciler: "external" });
  const held = new Set<string>();
  let most = 0;
  for await (const event of coordinator.history({ semaphore: "fleet" })) {
    if (event.type === "granted") held.add(event.acquisition);
    if (event.type === "released" || event.type === "expired") held.delete(event.acquisition);
    most = Math.max(most, held.size);
  }
  expect(held.size).toBe(0);
  return most;
}

/** The fencing tokens of the jobs that were done. */
function tokens(workers: readonly Running[]): number[] {
  return workers.flatMap(({ stdout }) =>
    [...stdout.matchAll(/"token":(\d+)/g)].map(([, token]) => Number(token)),
  );
}

async function saysMore(worker: Running): Promise<void> {
  const lines = worker.stdout.split("\n").length;
  await worker.said(new RegExp(`^(.*\\n){${lines}}`));
}

/** In order, at SIGTERM. */
async function ended(processes: readonly Running[]): Promise<void> {
  for (const { child } of processes) child.kill("SIGTERM");
  for (const one of processes) expect(await one.ended()).toMatchObject({ status: 0 });
}

function withoutDot(path: string): string {
  return path.replace(/^\.\//, "");
}
