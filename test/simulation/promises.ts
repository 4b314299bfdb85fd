/** What was promised to users, and when: every promise must settle, and reject only for a known reason. */

import { SemaphoreError } from "../../src/errors.js";
import { SimulationError } from "./failure.js";
import type { Host } from "./process/host.js";

export class Promises {
  private readonly open = new Map<object, { readonly what: string; readonly host: Host }>();

  constructor(private readonly fail: (reason: unknown) => void) {}

  /** Calls back when it resolves; a `SemaphoreError`, or the caller's own reason, may come instead. */
  track<T>(host: Host, what: string, promise: Promise<T>, then: (value: T) => void): void {
    this.open.set(promise, { what, host });
    promise.then(
      (value) => {
        this.open.delete(promise);
        this.guarded(() => then(value));
      },
      (reason) => {
        this.open.delete(promise);
        if (reason instanceof SemaphoreError || reason === ABORTED) return;
        this.fail(new SimulationError(`${what} rejected with ${String(reason)}`));
      },
    );
  }

  /** What was promised in processes that live, and is not kept yet. */
  get pending(): string[] {
    return [...this.open.values()]
      .filter(({ host }) => host.state !== "dead")
      .map(({ what, host }) => `${host.name}: ${what}`);
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (reason) {
      this.fail(reason);
    }
  }
}

/** The reason with which users abort what they wait for. */
export const ABORTED = new Error("its user has lost patience");
