/** Runs `slotstream` as a user does: as a process, in a pipe or on a terminal. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.js";

export { temporaryFolder } from "./temporary-folder.js";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
export const MAIN = join(CHECKOUT, "dist/cli/main.js");
export const DEMO = join(CHECKOUT, "examples/demo.js");

if (!existsSync(MAIN)) throw new Error(`${MAIN} is not there. Run: npm run build`);

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Written to standard input, which is closed then. */
  readonly input?: string;
  readonly cwd?: string;
  /** A module that is loaded into the process first. */
  readonly preload?: string;
  /** File descriptor for standard input. */
  readonly stdin?: number;
  /** Besides ours. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A process under test. */
export class Running {
  stdout = "";
  stderr = "";
  private readonly onOutput = new Set<() => void>();
  private readonly closed: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    this.closed = new Promise((resolve) => child.once("close", resolve));
    child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
      for (const check of this.onOutput) check();
    });
    child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
      for (const check of this.onOutput) check();
    });
    onTestFinished(() => void child.kill("SIGKILL"));
  }

  /** Resolves once it has written this. */
  async said(what: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const match = what.exec(this.stdout) ?? what.exec(this.stderr);
        if (match) resolve(match);
      };
      this.onOutput.add(check);
      void this.closed.then(() =>
        reject(new Error(`ended without ${what}: ${this.stdout}${this.stderr}`)),
      );
      check();
    });
  }

  async ended(): Promise<Result> {
    const status = await this.closed;
    return { status, stdout: this.stdout, stderr: this.stderr };
  }
}

/** Starts `slotstream` with these arguments. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  return startNode([MAIN, ...args], options);
}

export function startNode(args: readonly string[], options: RunOptions = {}): Running {
  const { input, cwd, preload, stdin = "pipe" } = options;
  const env = { ...process.env, SLOTSTREAM_REDIS_URL: "", ...options.env };
  const nodeArgs = preload === undefined ? args : ["--import", moduleFile(preload), ...args];
  const child = spawn(process.execPath, nodeArgs, { cwd, env, stdio: [stdin, "pipe", "pipe"] });
  // It may end before it has read all.
  child.stdin?.on("error", () => undefined);
  if (input !== undefined) child.stdin?.end(input);
  return new Running(child);
}

/** Runs `slotstream` to its end. */
export function slotstream(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return start(args, { input: "", ...options }).ended();
}

/** Starts a command of sh on a terminal of its own; what is written to its stdin is typed. */
export function onTerminal(command: string): Running {
  const env = { ...process.env, SHELL: "/bin/sh" };
  return new Running(spawn("script", ["-qec", command, "/dev/null"], { env, stdio: "pipe" }));
}

/** `slotstream run` for the semaphore "deploy". */
export const deploy = (...args: string[]) => ["run", "--name", "deploy", ...args];

export const sh = (script: string) => ["--", "sh", "-c", script];

/** Lines with the numbers from 1 on. */
export const numbers = (count: number) =>
  Array.from({ length: count }, (_, i) => `${i + 1}\n`).join("");

/** To be loaded first: somebody holds the only slot, and says so when so many wait for it. */
export function occupied(name: string, enough: number): string {
  return `
    const semaphore = new MemorySemaphore({ name: "${name}", value: 1 });
    await semaphore.acquire();
    const watch = setInterval(async () => {
      if ((await semaphore.stats()).queued < ${enough}) return;
      clearInterval(watch);
      console.error("enough wait");
    }, 5);
    watch.unref();
  `;
}

/** To be loaded first: somebody holds the only slot of "deploy". */
export const OCCUPIED = occupied("deploy", 1);

/** A module with this text, that sees the same slots as the command that it is loaded into. */
function moduleFile(text: string): string {
  const file = join(temporaryFolder(), "preload.mjs");
  const library = JSON.stringify(join(CHECKOUT, "dist/index.js"));
  writeFileSync(file, `import { MemorySemaphore } from ${library};\n${text}`);
  return file;
}
