// @ts-check
// slotstream's reconcilers as processes of their own: `slotstream reconciler`, which tells its role.

import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { end, startProgram, within } from "../processes.js";

export const NAMESPACE = "{slotstream:0}";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const MODE = new URL("../../dist/semaphore/redis-semaphore.js", import.meta.url);
const PATIENCE_MS = 30_000;

/** Whether the build has the mode on Redis. */
export const built = existsSync(MODE);

/** A process that leads, or stands by to lead. */
export class Candidate {
  /** As it said last: `leading`, `standby`, `failing`. */
  role = "starting";
  #process;
  /** @type {{ role: string, resolve(value: unknown): void }[]} */
  #awaited = [];

  /** @param {string} url */
  constructor(url) {
    const args = ["reconciler", "--redis", url, "--json", "--health-interval", "250ms"];
    this.#process = startProgram(process.execPath, [CLI, ...args]);
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.role = JSON.parse(line).role;
      const isTold = (/** @type {{ role: string }} */ { role }) => role === this.role;
      const told = this.#awaited.filter(isTold);
      this.#awaited = this.#awaited.filter((awaited) => !isTold(awaited));
      for (const { resolve } of told) resolve(undefined);
    });
  }

  get pid() {
    return this.#process.pid;
  }

  /** Resolves when it says the next time that it has this role. @param {"leading" | "standby"} role */
  says(role) {
    const told = new Promise((resolve) => this.#awaited.push({ role, resolve }));
    return within(PATIENCE_MS, `a reconciler that says ${role}`, told);
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#process.kill(signal);
  }

  /** @param {NodeJS.Signals} [signal] */
  end(signal) {
    return end(this.#process, signal);
  }
}

/** Starts a candidate where there is no other, and waits until it leads. @param {string} url */
export async function startLeader(url) {
  const candidate = new Candidate(url);
  await candidate.says("leading");
  return candidate;
}

/** Starts one more where somebody leads, and waits until it stands by. @param {string} url */
export async function startStandby(url) {
  const candidate = new Candidate(url);
  await candidate.says("standby");
  return candidate;
}
