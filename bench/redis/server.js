// @ts-check
// A redis-server process of the benchmark's own, on a free port of the loopback, without a disk.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { end, startProgram } from "../processes.js";

/** @typedef {{ url: string, control: Redis, stop(): Promise<void> }} RedisServer */

/** Of the server that would be started. Where there is none, this ends the process and says why. */
export function redisVersion() {
  const { error, stdout } = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  if (error) {
    console.error(`redis-server cannot be started: ${error.message}. Install Redis 7.0 or later.`);
    process.exit(69);
  }
  return /v=(\S+)/.exec(stdout)?.[1] ?? "of an unknown version";
}

/** @returns {Promise<RedisServer>} `control` is a connection for what the benchmark itself asks. */
export async function startRedis() {
  const directory = mkdtempSync(join(tmpdir(), "slotstream-bench-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const options = {
    bind: "127.0.0.1",
    port: `${port}`,
    dir: directory,
    save: "",
    appendonly: "no",
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const server = startProgram("redis-server", args);
  await saying(server, "Ready to accept connections");
  const control = new Redis(url);
  const stop = async () => {
    control.disconnect();
    await end(server);
    rmSync(directory, { recursive: true, force: true });
  };
  return { url, control, stop };
}

/** @param {import("node:child_process").ChildProcess} child @param {string} words */
function saying(child, words) {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (text) => {
      output += text;
      if (output.includes(words)) resolve(undefined);
    });
    child.once("exit", () => reject(new Error(`it never said: ${words}`)));
  });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
