/** A fleet for a test: a Redis server for its file, and a namespace of its own. */

import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { deploy, type Result, type Running, type RunOptions, start } from "./support.js";

let server: RedisServer;
let fleets = 0;

/** Starts a server before the tests of the file, and ends it after them. */
export function withRedis(): void {
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server[Symbol.asyncDispose]());
}

export class Fleet {
  readonly namespace = `fleet-${++fleets}`;

  get url(): string {
    return server.url;
  }

  /** Starts `slotstream` for this fleet. */
  start([command = "", ...args]: readonly string[], options: RunOptions = {}): Running {
    const where = ["--redis", this.url, "--namespace", this.namespace];
    return start([command, ...where, ...args], options);
  }

  /** Runs `slotstream` for this fleet to its end. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return this.start(args, { input: "", ...options }).ended();
  }

  /** A process that holds the only slot of "deploy" until its standard input ends. */
  async holder(): Promise<Running> {
    const holder = this.start(deploy(...HOLD));
    await holder.said(/holding/);
    return holder;
  }

  /** Runs it with `--json`, and reads what it prints. */
  async ask(...args: readonly string[]): Promise<{ status: number | null; json: unknown }> {
    const { status, stdout } = await this.run([...args, "--json"]);
    return { status, json: JSON.parse(stdout) };
  }

  /** Asks the server itself. */
  cli(...args: readonly string[]): Promise<string> {
    return server.cli(...args);
  }

  /** Resolves once the semaphore looks like this. Asks in this process, since a process of its own is slow. */
  async until(name: string, figures: { held: number; queued: number }): Promise<void> {
    await using coordinator = new RedisCoordinator({
      url: this.url,
      namespace: this.namespace,
      reconciler: "external",
    });
    for (;;) {
      const stats = (await coordinator.stats({ names: [name] })).get(name);
      if (stats?.acquiredSlots === figures.held && stats.queued === figures.queued) return;
    }
  }
}

/** Where nobody listens. */
export const NOWHERE = "redis://127.0.0.1:1";

/** The URL of something that says it were a Redis server of this version. */
export async function pretender(version: string): Promise<string> {
  const info = `redis_version:${version}\r\nrole:master`;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => {
      for (const [asked] of String(data).matchAll(/^(client|info)\r?$/gim)) {
        socket.write(/info/i.test(asked) ? `$${info.length}\r\n${info}\r\n` : "+OK\r\n");
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `redis://127.0.0.1:${address.port}`;
}

/** Runs until its standard input ends, once it has its slot. */
export const HOLD = ["--", "sh", "-c", "echo holding; cat"];
