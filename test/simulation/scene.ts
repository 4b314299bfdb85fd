/** The simulated server for the contract of the ports, and processes at it, whose network is clear. */

import type { Key, Process, ProcessOptions, Records, Scene } from "../contract/ports/scene.js";
import { Mailbox } from "../support/mailbox.js";
import { Ear } from "../support/port-words.js";
import { Client } from "./process/client.js";
import { Host } from "./process/host.js";
import { SimulatedLease } from "./process/lease.js";
import { SimulatedStore } from "./process/store.js";
import { Terms } from "./process/terms.js";
import { SimulatedUplink } from "./process/uplink.js";
import { Random } from "./random.js";
import { noData, type StreamEntry } from "./redis/data.js";
import { SimulatedRedis } from "./redis/server.js";
import { CLEAR, NOBODY } from "./support.js";
import { Timeline } from "./timeline.js";

/** Between two looks at what shall happen. */
const LOOK_MS = 20;

export class SimulatedScene implements Scene {
  private readonly timeline = new Timeline();
  private readonly redis = new SimulatedRedis(this.timeline, NOBODY);
  private saved = noData();
  private readonly clients: Client[] = [];
  private ended = false;
  /** Resolves when its time stands still, after the end. */
  private passing: Promise<void> = Promise.resolve();
  private made = 0;

  /** Its time passes from now on. */
  static begin(): SimulatedScene {
    const scene = new SimulatedScene();
    scene.passing = scene.pass();
    return scene;
  }

  async process({ pauseMs = 15_000 }: ProcessOptions = {}): Promise<Process> {
    const [random, terms] = [new Random(++this.made), new Terms()];
    const client = new Client(new Host(`p${this.made}`, this.timeline), this.redis, CLEAR, random);
    this.clients.push(client);
    const lease = new SimulatedLease(client, terms, pauseMs);
    const store = new SimulatedStore(client, terms, this.timeline, random);
    const uplink = new SimulatedUplink(client);
    const [ear, vacancies] = [new Ear(), new Mailbox<void>()];
    lease.onVacant(() => vacancies.put());
    uplink.open(ear);
    await ear.ups.take();
    return { lease, store, uplink, ear, vacancies, close: () => client.close() };
  }

  async clockAt(): Promise<number> {
    return this.redis.nowMs;
  }

  shiftClock(ms: number): void {
    this.redis.shiftClock(ms);
  }

  async save(): Promise<void> {
    this.saved = this.redis.copy();
  }

  async restart(
    data: "all" | "saved" | "none",
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<void> {
    if (data === "all") await this.save();
    this.redis.stop();
    await meanwhile();
    this.redis.start(data === "none" ? noData() : this.saved);
  }

  async cut(): Promise<void> {
    for (const client of this.clients) client.cut("somebody cut it");
  }

  async fill(isFull: boolean): Promise<void> {
    this.redis.isFull = isFull;
  }

  async deleteEverything(): Promise<void> {
    this.redis.deleteEverything();
  }

  async deleteKey(key: Key): Promise<void> {
    this.redis.deleteKey(key);
  }

  async replaceKey(key: Key): Promise<void> {
    this.redis.replaceKey(key);
  }

  async deleteField(key: Records | "told", field: string): Promise<void> {
    this.redis.data[key].delete(field);
  }

  async write(fields: StreamEntry["fields"]): Promise<void> {
    this.redis.add(fields);
  }

  async historyLength(): Promise<number> {
    return this.redis.data.history.length;
  }

  async blockedReader(): Promise<void> {
    while (this.redis.waiting === 0) await this.moment(1);
  }

  async until<T>(attempt: () => Promise<T>): Promise<T> {
    for (let left = 500; ; left--) {
      try {
        return await attempt();
      } catch (error) {
        if (left === 0) throw error;
      }
      await this.moment(LOOK_MS);
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.passing;
  }

  private moment(ms: number): Promise<void> {
    return new Promise((resolve) => this.timeline.after(ms, resolve));
  }

  private async pass(): Promise<void> {
    while (!this.ended) await this.timeline.run(this.timeline.now + 1, () => this.ended);
  }
}
