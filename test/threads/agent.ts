/** A real worker thread that a test tells what to do. */

import { Worker, type WorkerOptions } from "node:worker_threads";

export interface Slot {
  readonly id: string;
  readonly slotNumber: number;
  readonly fencingToken: number;
}

interface Reply {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export function fixture(name: string): URL {
  return new URL(`fixtures/${name}`, import.meta.url);
}

export class Agent implements AsyncDisposable {
  readonly worker: Worker;
  /** The exit code, and what it crashed of. */
  readonly exit: Promise<{ code: number; error: Error | undefined }>;
  private readonly replies = new Map<number, Reply>();
  private told = 0;

  constructor(name = "agent.js", options?: WorkerOptions) {
    this.worker = new Worker(fixture(name), options);
    this.worker.on("message", ({ id, result, error }) => {
      const reply = this.replies.get(id);
      if (error) reply?.reject(error);
      else reply?.resolve(result);
    });
    let error: Error | undefined;
    this.worker.on("error", (crash: Error) => {
      error = crash;
    });
    this.exit = new Promise((resolve) => {
      this.worker.on("exit", (code) => resolve({ code, error }));
    });
  }

  acquire(semaphore: object, options?: object): Promise<Slot> {
    return this.tell("acquire", semaphore, options);
  }

  release(id: string): Promise<boolean> {
    return this.tell("release", id);
  }

  /** Why the slot was lost, once it is. */
  lost(id: string): Promise<string> {
    return this.tell("lost", id);
  }

  /** Calls a method of the semaphore. */
  call(semaphore: object, method: string, ...args: unknown[]): Promise<unknown> {
    return this.tell("call", semaphore, method, ...args);
  }

  tell<T>(deed: string, ...args: unknown[]): Promise<T> {
    const id = ++this.told;
    return new Promise<T>((resolve, reject) => {
      this.replies.set(id, { resolve, reject });
      this.worker.postMessage({ id, deed, args });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate();
  }
}
