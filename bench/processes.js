// @ts-check
// Child processes: start them, call their functions, kill them. None outlives this process.

import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HOST = fileURLToPath(new URL("./child.js", import.meta.url));

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => process.exit(1));
}

/**
 * @template {import("node:child_process").ChildProcess} C
 * @param {C} child
 */
function watched(child) {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** A program whose output is only shown if it ends by itself. @param {string} command @param {string[]} args */
export function startProgram(command, args) {
  const child = watched(spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] }));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-4000);
    });
  }
  child.once("exit", (code) => {
    if (code) console.error(`${command} ended with ${code}:\n${output}`);
  });
  return child;
}

/** Ends it and waits until it has ended. @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} [signal] */
export async function end(child, signal = "SIGTERM") {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

/** Resident memory of a process, in bytes. @param {number | undefined} pid */
export function residentBytes(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

/** A process that runs functions of a module, e.g. `new URL("./pairs-child.js", import.meta.url)`. */
export class Child {
  #process;
  #calls = 0;
  /** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
  #open = new Map();
  /** @type {(message: any) => void} what to do with what the child tells */
  onTold = () => {};

  /** @param {import("node:child_process").ChildProcess} child */
  constructor(child) {
    this.#process = child;
    child.on("message", (/** @type {any} */ message) => this.#receive(message));
    child.once("exit", (code, signal) => {
      const error = new Error(`the child process ended with ${signal ?? code}`);
      for (const call of this.#open.values()) call.reject(error);
      this.#open.clear();
    });
  }

  /** @param {URL} module */
  static async start(module) {
    const child = watched(fork(HOST, [module.href], { serialization: "advanced" }));
    await Promise.race([
      once(child, "message"),
      once(child, "exit").then(([code]) => {
        throw new Error(`${module.pathname} ended with ${code} before it was ready`);
      }),
    ]);
    return new Child(child);
  }

  /** @param {number} count @param {URL} module */
  static startMany(count, module) {
    return Promise.all(Array.from({ length: count }, () => Child.start(module)));
  }

  get pid() {
    return this.#process.pid;
  }

  /** @param {string} name @param {unknown[]} args @returns {Promise<any>} */
  call(name, ...args) {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#process.send({ id, name, args }, (error) => {
        if (error) reject(error);
      });
    });
  }

  /** @param {NodeJS.Signals} [signal] */
  end(signal) {
    return end(this.#process, signal);
  }

  /** @param {any} message */
  #receive(message) {
    if ("told" in message) return this.onTold(message.told);
    const call = this.#open.get(message.id);
    this.#open.delete(message.id);
    if ("error" in message) call?.reject(new Error(message.error));
    else call?.resolve(message.value);
  }
}

/**
 * @template T
 * @param {number} ms
 * @param {string} what
 * @param {Promise<T>} promise
 * @returns {Promise<T>} rejects if that takes longer, so that a defect does not keep a benchmark for ever
 */
export async function within(ms, what, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms / 1000} s`)), ms);
  });
  try {
    await Promise.race([promise, late]);
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** In a child: tells the parent something that it did not ask for. @param {unknown} told */
export function tell(told) {
  process.send?.({ told });
}
