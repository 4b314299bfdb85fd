/** A real server for the contract of the ports, and processes at it. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { vi } from "vitest";
import type { Key, Process, ProcessOptions, Records, Scene } from "../contract/ports/scene.js";
import { Mailbox } from "./mailbox.js";
import { Ear, partitionOn } from "./redis-partition.js";
import { type RedisServer, startRedis } from "./redis-server.js";
import type { ShiftedClock } from "./shifted-clock.js";

/** Also what a restart changes is asked for often. */
const LOOK_MS = 20;

export class RedisScene implements Scene {
  private constructor(
    private readonly server: RedisServer,
    private readonly clock: ShiftedClock | undefined,
  ) {}

  static async begin(clock: ShiftedClock | undefined): Promise<RedisScene> {
    return new RedisScene(await startRedis({}, clock?.environment), clock);
  }

  async process({ pauseMs = 15_000 }: ProcessOptions = {}): Promise<Process> {
    const partition = partitionOn(this.server, { pauseMs });
    const { lease, store, uplink } = partition;
    const [ear, vacancies] = [new Ear(), new Mailbox<void>()];
    lease.onVacant(() => vacancies.put());
    uplink.open(ear);
    await ear.ups.take();
    return { lease, store, uplink, ear, vacancies, close: () => partition.close() };
  }

  async clockAt(): Promise<number> {
    const [seconds = "", micros = ""] = (await this.server.cli("TIME")).split("\n");
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  shiftClock(ms: number): void {
    if (!this.clock) throw new Error("its clock cannot be set");
    this.clock.shift(ms);
  }

  async save(): Promise<void> {
    await this.server.cli("SAVE");
  }

  async restart(
    data: "all" | "saved" | "none",
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<void> {
    if (data === "all") await this.save();
    await this.server.kill();
    await meanwhile();
    if (data === "none") rmSync(join(this.server.directory, "dump.rdb"), { force: true });
    await this.server.start();
  }

  async cut(): Promise<void> {
    await this.server.cli("CLIENT", "KILL", "LADDR", `127.0.0.1:${this.server.port}`);
  }

  async fill(isFull: boolean): Promise<void> {
    await this.server.cli("CONFIG", "SET", "maxmemory", isFull ? "1" : "0");
  }

  async deleteEverything(): Promise<void> {
    await this.server.cli("FLUSHALL");
  }

  async deleteKey(key: Key): Promise<void> {
    await this.server.cli("DEL", nameOf(key));
  }

  async replaceKey(key: Key): Promise<void> {
    const script = "redis.call('DEL', KEYS[1]) redis.call('SADD', KEYS[1], 'foreign')";
    await this.server.cli("EVAL", script, "1", nameOf(key));
  }

  async deleteField(key: Records | "told", field: string): Promise<void> {
    await this.server.cli("HDEL", nameOf(key), field);
  }

  async write(fields: readonly (readonly [string, string])[]): Promise<void> {
    await this.server.cli("XADD", nameOf("commands"), "*", ...fields.flat());
  }

  async historyLength(): Promise<number> {
    return Number(await this.server.cli("XLEN", nameOf("history")));
  }

  async blockedReader(): Promise<void> {
    while (!(await this.server.cli("INFO", "clients")).includes("blocked_clients:1")) {
      await setTimeout(1);
    }
  }

  until<T>(attempt: () => Promise<T>): Promise<T> {
    return vi.waitFor(attempt, { interval: LOOK_MS, timeout: 10_000 });
  }

  async end(): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

function nameOf(key: Key): string {
  return `{slotstream:0}:${key}`;
}
