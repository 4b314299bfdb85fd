// @ts-check
// Client processes that write down what they hold, beside a Redis whose history is kept as it grows.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../processes.js";
import { follow } from "../redis/history.js";
import { startRedis } from "../redis/server.js";
import { deathRecorder, historyRecorder, now, recordValues } from "./records.js";

const HOLDER = new URL("./holder.js", import.meta.url);
const ENDS = ["released", "expired", "abandoned"];
const SETTLE_MS = 30_000;

/** @typedef {Omit<import("./holder.js").Orders, "url" | "directory" | "client">} Orders */

export class Crew {
  directory = mkdtempSync(join(tmpdir(), "slotstream-fleet-"));
  killed = 0;
  granted = 0;
  #recordDeath = deathRecorder(this.directory);
  /** Those that are at work. @type {Map<number, { child: Child, life: number }>} */
  #members = new Map();
  /** Acquisitions that wait or hold. @type {Set<string>} */
  #live = new Set();
  #settled = () => {};
  #wanted = { granted: Infinity, reached: () => {} };
  #history;

  /** @param {import("../redis/server.js").RedisServer} server @param {Orders} orders */
  constructor(server, orders) {
    this.server = server;
    this.orders = orders;
    recordValues(this.directory, orders.values);
    const record = historyRecorder(this.directory);
    this.#history = follow(server, (commit) => {
      record(commit);
      for (const event of commit.events) this.#see(event);
      if (this.#live.size === 0) this.#settled();
      if (this.granted >= this.#wanted.granted) this.#wanted.reached();
    });
  }

  /** @param {number} size @param {Orders} orders */
  static async start(size, orders) {
    const crew = new Crew(await startRedis(), orders);
    await Promise.all(Array.from({ length: size }, (_, member) => crew.#start(member, 1)));
    return crew;
  }

  /** Kills a process without warning, and starts another one in its place; not if that is going on. @param {number} member */
  async crash(member) {
    const current = this.#members.get(member);
    if (current === undefined) return;
    this.#members.delete(member);
    this.#recordDeath({ client: `${member}.${current.life}`, at: now() });
    await current.child.end("SIGKILL");
    this.killed++;
    await this.#start(member, current.life + 1);
  }

  /** Resolves after so many more grants. @param {number} count */
  async grants(count) {
    const wanted = this.granted + count;
    await new Promise((resolve) => {
      this.#wanted = { granted: wanted, reached: () => resolve(undefined) };
    });
  }

  /** Lets all give back what they hold, and waits until what the killed held has come back too. */
  async finish() {
    const children = [...this.#members.values()].map(({ child }) => child);
    await Promise.all(children.map((child) => child.call("stop")));
    await this.#settle();
    await this.#history.stop();
    await Promise.all(children.map((child) => child.call("close")));
    await Promise.all(children.map((child) => child.end()));
  }

  /** @param {number} member @param {number} life */
  async #start(member, life) {
    const child = await Child.start(HOLDER);
    await child.call("work", {
      ...this.orders,
      url: this.server.url,
      directory: this.directory,
      client: `${member}.${life}`,
    });
    this.#members.set(member, { child, life });
  }

  /** What never comes back is found by the checker; here it only must not keep us for ever. */
  async #settle() {
    await new Promise((resolve) => {
      const late = setTimeout(resolve, SETTLE_MS);
      this.#settled = () => {
        clearTimeout(late);
        resolve(undefined);
      };
      if (this.#live.size === 0) this.#settled();
    });
  }

  /** @param {import("../redis/history.js").AnyEvent} event */
  #see({ type, acquisition = "" }) {
    if (type === "granted") this.granted++;
    if (type === "queued") this.#live.add(acquisition);
    if (ENDS.includes(type)) this.#live.delete(acquisition);
  }
}
