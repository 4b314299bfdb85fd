/** Real Redis servers for tests: each a process of its own on a free loopback port, ended by its process id. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** Lines of redis.conf, such as `{ maxmemory: "10mb", appendonly: "yes" }`. */
export type RedisConfiguration = Readonly<Record<string, string | number>>;

const ATTEMPTS = 10;
const running = new Set<RedisServer>();

process.on("exit", () => {
  for (const server of running) server.discard();
});

/** Starts a server that keeps nothing on disk unless configured so; resolves when it answers. */
export async function startRedis(
  configuration: RedisConfiguration = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<RedisServer> {
  for (let attempt = 1; ; attempt++) {
    const server = new RedisServer(await freePort(), configuration, environment);
    try {
      await server.start();
      return server;
    } catch (error) {
      server.discard();
      // Somebody else may have taken the port in the meantime.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

export class RedisServer {
  readonly directory = mkdtempSync(join(tmpdir(), "slotstream-redis-"));
  private child: ChildProcess | undefined = undefined;

  constructor(
    readonly port: number,
    private readonly configuration: RedisConfiguration,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  get url(): string {
    return `${this.isSecure ? "rediss" : "redis"}://127.0.0.1:${this.port}`;
  }

  /** Its process id. */
  get pid(): number {
    if (this.child?.pid === undefined) throw new Error("the Redis server is not running");
    return this.child.pid;
  }

  async start(): Promise<void> {
    const options = { save: "", bind: "127.0.0.1", dir: this.directory, ...this.configuration };
    const ports = this.isSecure ? { port: 0, "tls-port": this.port } : { port: this.port };
    const lines = Object.entries({ ...ports, ...options });
    const argv = lines.flatMap(([name, value]) => [`--${name}`, ...valuesOf(name, value)]);
    const env = { ...process.env, ...this.environment };
    const child = spawn("redis-server", argv, { stdio: ["ignore", "pipe", "inherit"], env });
    this.child = child;
    running.add(this);
    await readyToAccept(child);
  }

  /** Ends it in order; its data stays for `restart`. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it as a power failure would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** The same port and data, another life. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** It stays connected and answers nothing. */
  pause(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  resume(): void {
    process.kill(this.pid, "SIGCONT");
  }

  /** What `redis-cli` prints. */
  async cli(...args: string[]): Promise<string> {
    const { requirepass = "" } = this.configuration;
    const secret = requirepass === "" ? [] : ["--no-auth-warning", "-a", String(requirepass)];
    const transport = this.isSecure ? ["--tls", "--insecure"] : [];
    const argv = ["-p", String(this.port), ...secret, ...transport, ...args];
    const { stdout } = await promisify(execFile)("redis-cli", argv, { maxBuffer: Infinity });
    return stdout.trimEnd();
  }

  /** Ends it and removes its data, without waiting. */
  discard(): void {
    this.child?.kill("SIGKILL");
    running.delete(this);
    rmSync(this.directory, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.discard();
  }

  /** With a certificate, it speaks TLS only. */
  private get isSecure(): boolean {
    return "tls-cert-file" in this.configuration;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    // A stopped process takes note once it goes on.
    child.kill("SIGCONT");
    await exited;
  }
}

/** `--save ''` must reach the server as one empty argument. */
function valuesOf(name: string, value: string | number): string[] {
  const text = String(value);
  return name === "save" || text === "" ? [text] : text.split(" ");
}

/** Resolves when the server says so; rejects if it ends before. */
async function readyToAccept(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  if (!child.stdout) throw new Error("the Redis server has no output");
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`redis-server ended with ${code}:\n${said.join("\n")}`));
    });
    lines.on("line", (line) => {
      said.push(line);
      if (line.includes("Ready to accept connections")) resolve();
    });
  });
}

/** Redis cannot choose a port by itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
