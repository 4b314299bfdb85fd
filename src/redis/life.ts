/**
 * One life of a connection: an ioredis instance from its connecting to its end. What is asked is
 * answered, or rejects when the life ends, which also happens when the server stops answering.
 */

import type { SemaphoreError } from "../errors.js";
import { LazyAlarm } from "../lazy-alarm.js";
import type { Clock } from "../ports.js";
import { type RedisClient, socketOf } from "./client.js";
import { codeOf, failureOf, unavailable } from "./failures.js";

/** The server is not the one that it was: connect anew, perhaps to another one. */
const DEMOTED = new Set(["READONLY", "UNBLOCKED"]);

export class Life {
  /** `run_id` of the server; known once the connection has been checked. */
  runId = "";
  private failure: SemaphoreError | undefined = undefined;
  /** Rejects what is asked and not answered. */
  private readonly pending = new Set<(reason: SemaphoreError) => void>();
  private readonly silence: LazyAlarm;
  private heardAt = 0;
  /** How long an answer may take at most. */
  private patienceMs: number;
  private keepsAlive = false;

  constructor(
    private readonly client: RedisClient,
    private readonly clock: Clock,
    private readonly responseTimeoutMs: number,
    private readonly onEnd: (reason: SemaphoreError) => void,
  ) {
    this.patienceMs = responseTimeoutMs;
    this.silence = new LazyAlarm(clock, () => this.listen());
    client.on("error", (error: Error) => this.end(failureOf(error)));
    client.on("end", () => this.end(unavailable("the connection was closed")));
    client.on("connect", () => this.applyKeepAlive());
  }

  /** Connects. A server that accepts the connection and then says nothing is lost as well. */
  open(): Promise<unknown> {
    const connected = this.expect(() => this.client.connect(), 0, failureOf);
    // By then the socket is there, and it must not keep the process alive while it connects.
    setImmediate(() => this.applyKeepAlive());
    return connected;
  }

  /** @param waitMs how long the server may wait before it answers. */
  call(command: string, args: (string | number)[], waitMs = 0): Promise<unknown> {
    return this.expect(
      () => this.client.call(command, args),
      waitMs,
      (error) => this.failed(error, command, args),
    );
  }

  onMessage(listener: (channel: string, text: string) => void): void {
    this.client.on("smessage", (channel: string, text: string) => {
      this.heardAt = this.clock.now();
      listener(channel, text);
    });
  }

  keepAlive(wanted: boolean): void {
    this.keepsAlive = wanted;
    this.applyKeepAlive();
  }

  /** The first reason counts. */
  end(reason: SemaphoreError): void {
    if (this.failure) return;
    this.failure = reason;
    this.silence.clear();
    if (this.client.status !== "end") this.disconnect();
    for (const reject of this.pending) reject(reason);
    this.pending.clear();
    this.onEnd(reason);
  }

  /** At once, also where the other side would never agree. */
  private disconnect(): void {
    this.client.disconnect();
    socketOf(this.client)?.destroy();
  }

  private failed(error: unknown, command: string, args: readonly unknown[]): SemaphoreError {
    const failure = failureOf(error, { command, key: keyOf(command, args) });
    if (DEMOTED.has(codeOf(error) ?? "")) this.end(failure);
    return failure;
  }

  /** Asks, and rejects when the life ends before the answer. */
  private expect(
    ask: () => Promise<unknown>,
    waitMs: number,
    toFailure: (error: unknown) => SemaphoreError,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      if (this.pending.size === 0) this.beginToListen(waitMs);
      this.pending.add(reject);
      ask().then(
        (reply) => {
          this.answered(reject);
          resolve(reply);
        },
        (error) => {
          this.answered(reject);
          reject(toFailure(error));
        },
      );
    });
  }

  private beginToListen(waitMs: number): void {
    this.heardAt = this.clock.now();
    this.patienceMs = this.responseTimeoutMs + waitMs;
    this.silence.noLaterThan(this.heardAt + this.patienceMs);
  }

  private answered(reject: (reason: SemaphoreError) => void): void {
    this.pending.delete(reject);
    this.heardAt = this.clock.now();
  }

  private listen(): void {
    if (this.pending.size === 0) return;
    if (this.isSilent()) {
      // If this process was blocked, the answer may be there and not be read yet.
      setImmediate(() => {
        if (this.pending.size > 0 && this.isSilent()) this.end(this.noAnswer());
        else this.listen();
      });
      return;
    }
    this.silence.noLaterThan(this.heardAt + this.patienceMs);
  }

  private isSilent(): boolean {
    return this.clock.now() >= this.heardAt + this.patienceMs;
  }

  private noAnswer(): SemaphoreError {
    return unavailable(`it did not answer for ${this.patienceMs} ms`);
  }

  private applyKeepAlive(): void {
    this.silence.keepAlive(this.keepsAlive);
    if (this.keepsAlive) socketOf(this.client)?.ref();
    else socketOf(this.client)?.unref();
  }
}

/** The key that a command is about. */
function keyOf(command: string, args: readonly unknown[]): string | undefined {
  const key = command === "XREAD" ? args.at(-2) : args[0];
  return command.startsWith("EVAL") || typeof key !== "string" ? undefined : key;
}
