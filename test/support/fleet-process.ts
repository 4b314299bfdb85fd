/** Processes of a fleet that tests tell what to do, kill and stop: each runs the built package. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import type { AcquireOptions, RedisConfig, SemaphoreOptions } from "../../src/index.js";
import { Mailbox } from "./mailbox.js";

/** What of a config can be told to another process. */
export type MemberConfig = Omit<RedisConfig, "client" | "logger" | "tls">;

export interface Slot {
  readonly id: string;
  readonly slotNumber: number;
  readonly fencingToken: number;
  /** In the server's time. */
  readonly grantedAt: number;
}

export interface Loss {
  readonly reason: string;
  /** When the signal aborted, in milliseconds since the epoch. */
  readonly at: number;
}

/** What it logged. */
interface LogLine {
  readonly log: string;
  readonly level: string;
  readonly epoch?: number;
  readonly namespace?: string;
}

interface Reply {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const MEMBER = fileURLToPath(new URL("../faults/fixtures/member.js", import.meta.url));
const BUILT = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
if (!existsSync(BUILT)) throw new Error(`${BUILT} is not there. Run: npm run build`);

const members = new Set<Member>();

/** After each test, no process is left, and none has anything to be ashamed of (trap 21). */
afterEach(async () => {
  const all = [...members];
  members.clear();
  await Promise.all(all.map((member) => member.kill()));
  const faults = all.flatMap((member) => member.faults);
  if (faults.length > 0) throw new Error(`a process failed: ${faults.join("\n")}`);
});

/** Starts one; resolves when it listens. `preload` is a module that it loads first. */
export async function startMember(config: MemberConfig, preload?: string): Promise<Member> {
  const member = new Member(config, preload);
  members.add(member);
  await member.tell("ready");
  return member;
}

export class Member {
  /** What it should not have to tell: unhandled rejections, crashes, output on standard error. */
  readonly faults: string[] = [];
  readonly child: ChildProcess;
  /** Its exit code; `null` if it was killed. */
  readonly ended: Promise<number | null>;
  /** The terms that it began to lead. */
  readonly leads = new Mailbox<{ epoch: number; namespace: string | undefined }>();
  /** How each of them ended. */
  readonly standsDown = new Mailbox<string>();
  private readonly replies = new Map<number, Reply>();
  private told = 0;

  constructor(config: MemberConfig, preload: string | undefined) {
    const modules = preload === undefined ? [] : ["--import", preload];
    const argv = [...modules, MEMBER, JSON.stringify(config)];
    this.child = spawn(process.execPath, argv, { stdio: "pipe" });
    // It may be killed before it has read all.
    this.child.stdin?.on("error", () => {});
    this.child.stderr?.on("data", (chunk) => this.faults.push(String(chunk)));
    if (this.child.stdout) {
      createInterface({ input: this.child.stdout }).on("line", (line) => this.hear(line));
    }
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code) => {
        this.end(code);
        resolve(code);
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  acquire(semaphore: SemaphoreOptions, options: AcquireOptions = {}): Promise<Slot> {
    return this.tell("acquire", semaphore, options);
  }

  tryAcquire(semaphore: SemaphoreOptions, options: AcquireOptions = {}): Promise<Slot | null> {
    return this.tell("tryAcquire", semaphore, options);
  }

  release({ id }: Slot): Promise<boolean> {
    return this.tell("release", id);
  }

  /** Why and when the slot was lost, once it is. */
  loss({ id }: Slot): Promise<Loss> {
    return this.tell("loss", id);
  }

  /** Calls a method of the semaphore. */
  call<T>(semaphore: SemaphoreOptions, method: string, ...args: unknown[]): Promise<T> {
    return this.tell("call", semaphore, method, ...args);
  }

  tell<T>(deed: string, ...args: unknown[]): Promise<T> {
    const id = ++this.told;
    const answer = new Promise<T>((resolve, reject) => {
      this.replies.set(id, { resolve, reject });
    });
    // A test may look at it later, or kill the process and never look.
    answer.catch(() => {});
    this.child.stdin?.write(`${JSON.stringify({ id, deed, args })}\n`);
    return answer;
  }

  /** Nobody will tell it anything any more. */
  leaveAlone(): void {
    this.child.stdin?.end();
  }

  /** Ends it at once, without a word: `kill -9`. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  stop(): void {
    this.child.kill("SIGSTOP");
  }

  resume(): void {
    this.child.kill("SIGCONT");
  }

  private hear(text: string): void {
    const line = JSON.parse(text);
    if ("unhandled" in line) this.faults.push(`unhandled: ${line.unhandled}`);
    else if ("log" in line) this.note(line);
    else if ("error" in line) this.take(line.id)?.reject(line.error);
    else this.take(line.id)?.resolve(line.result);
  }

  private note({ log, epoch = 0, namespace }: LogLine): void {
    if (log.startsWith("this process leads, ")) this.leads.put({ epoch, namespace });
    if (log.startsWith("this process leads no more")) this.standsDown.put(log);
  }

  private take(id: number): Reply | undefined {
    const reply = this.replies.get(id);
    this.replies.delete(id);
    return reply;
  }

  private end(code: number | null): void {
    if (code !== null && code !== 0) this.faults.push(`exit code ${code}`);
    for (const { reject } of this.replies.values()) reject(new Error("the process has ended"));
  }
}
