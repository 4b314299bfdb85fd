/**
 * A connection that comes back: one life after the other, with a back-off between them. It does
 * nothing until it is started, and keeps no process alive unless told so.
 */

import { BackendUnavailableError, ClosedError, type SemaphoreError } from "../errors.js";
import type { Alarm, Clock } from "../ports.js";
import { failureOf, unavailable } from "./failures.js";
import { Life } from "./life.js";
import type { MakeClient } from "./source.js";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

export interface ConnectionOptions {
  readonly role: "commands" | "subscriber" | "reader";
  readonly make: MakeClient;
  readonly clock: Clock;
  /** After so long without an answer, the connection counts as lost. */
  readonly responseTimeoutMs: number;
  /** What comes before it counts as up; a failure ends the life. */
  readonly prepare: (life: Life) => Promise<void>;
  readonly up?: (life: Life) => void;
  /** After each life, also one that never was up. */
  readonly down?: (reason: SemaphoreError) => void;
}

type Mode =
  | { readonly name: "idle" | "pausing" | "closed" }
  | { readonly name: "connecting" | "up"; readonly life: Life };

interface Waiter {
  resolve(life: Life): void;
  reject(reason: SemaphoreError): void;
}

export class Connection {
  private mode: Mode = { name: "idle" };
  /** Why it is not up. */
  private reason: SemaphoreError = unavailable("it was not connected to yet");
  private failures = 0;
  private readonly retry: Alarm;
  private readonly waiters = new Set<Waiter>();
  private keepsAlive = false;

  constructor(private readonly options: ConnectionOptions) {
    this.retry = options.clock.alarm(() => this.connect());
  }

  /** @throws BackendUnavailableError, or what is final, if there is none. */
  get life(): Life {
    if (this.mode.name !== "up") throw this.reason;
    return this.mode.life;
  }

  get isUp(): boolean {
    return this.mode.name === "up";
  }

  start(): void {
    if (this.mode.name === "idle") this.connect();
  }

  /** Resolves when it is up; rejects when it cannot be, or not within so many milliseconds. */
  ready(patienceMs: number): Promise<Life> {
    if (this.mode.name === "up") return Promise.resolve(this.mode.life);
    if (this.mode.name === "closed") return Promise.reject(this.reason);
    this.start();
    return this.wait(patienceMs);
  }

  /** Ends its life, until it is started again. What is asked or waits rejects with the reason. */
  stop(reason: SemaphoreError): void {
    const { mode } = this;
    if (mode.name === "closed") return;
    this.setMode({ name: "idle" }, reason);
    if ("life" in mode) mode.life.end(reason);
    for (const waiter of [...this.waiters]) waiter.reject(reason);
  }

  close(): void {
    this.stop(new ClosedError());
    this.setMode({ name: "closed" }, new ClosedError());
  }

  keepAlive(wanted: boolean): void {
    if (wanted === this.keepsAlive) return;
    this.keepsAlive = wanted;
    this.retry.keepAlive(wanted);
    if ("life" in this.mode) this.mode.life.keepAlive(wanted);
  }

  private connect(): void {
    try {
      this.begin(this.newLife());
    } catch (error) {
      // The user's instance could not be duplicated.
      this.rest(failureOf(error));
    }
  }

  private newLife(): Life {
    const { role, make, clock, responseTimeoutMs } = this.options;
    const life: Life = new Life(make(role), clock, responseTimeoutMs, (reason) => {
      if ("life" in this.mode && this.mode.life === life) this.rest(reason);
    });
    return life;
  }

  private begin(life: Life): void {
    life.keepAlive(this.keepsAlive);
    this.setMode({ name: "connecting", life }, this.reason);
    life
      .open()
      .then(() => this.options.prepare(life))
      .then(
        () => this.opened(life),
        (error) => life.end(failureOf(error)),
      );
  }

  private opened(life: Life): void {
    if (!("life" in this.mode) || this.mode.life !== life) return;
    this.failures = 0;
    this.setMode({ name: "up", life }, this.reason);
    for (const waiter of [...this.waiters]) waiter.resolve(life);
    this.options.up?.(life);
  }

  /** Until the next attempt. */
  private rest(reason: SemaphoreError): void {
    this.setMode({ name: "pausing" }, reason);
    this.retry.set(this.options.clock.now() + this.pauseMs());
    if (!(reason instanceof BackendUnavailableError)) {
      for (const waiter of [...this.waiters]) waiter.reject(reason);
    }
    this.options.down?.(reason);
  }

  /** With jitter, so that a fleet does not come back all at once. */
  private pauseMs(): number {
    const longestMs = Math.min(FIRST_PAUSE_MS * 2 ** this.failures++, LONGEST_PAUSE_MS);
    return longestMs * (0.5 + Math.random() / 2);
  }

  private setMode(mode: Mode, reason: SemaphoreError): void {
    this.mode = mode;
    this.reason = reason;
    this.retry.clear();
  }

  private wait(patienceMs: number): Promise<Life> {
    const { clock } = this.options;
    return new Promise((resolve, reject) => {
      const patience = clock.alarm(() => waiter.reject(this.tooLate(patienceMs)));
      const done = () => {
        patience.clear();
        this.waiters.delete(waiter);
      };
      const waiter: Waiter = {
        resolve: (life) => {
          done();
          resolve(life);
        },
        reject: (reason) => {
          done();
          reject(reason);
        },
      };
      this.waiters.add(waiter);
      patience.keepAlive(this.keepsAlive);
      patience.set(clock.now() + patienceMs);
    });
  }

  private tooLate(patienceMs: number): SemaphoreError {
    return unavailable(`there was no connection within ${patienceMs} ms`, this.reason);
  }
}
