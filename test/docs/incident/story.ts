/** The incident of the guide, as it happens: a server, a fleet of three processes, and what is typed on a terminal. */

import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Event, type QueuedEvent, RedisCoordinator } from "../../../src/index.js";
import { type Running, slotstream, startNode } from "../../cli/support.js";
import { type RedisServer, startRedis } from "../../support/redis-server.js";
import { CHECKOUT, UserProject } from "../blocks.js";
import type { Names } from "./normalise.js";

/** What was typed, and what was printed. */
export interface Step {
  readonly command: string;
  readonly output: string;
}

export interface Incident {
  /** The terminal's session, in order. */
  readonly steps: readonly Step[];
  readonly names: Names;
  /** Log time of the first event, in milliseconds since the epoch. */
  readonly beganAt: number;
}

/** What stands in the guide for the ids of each process: its acquisition's, and the random part of its session's. */
const NAMES = [
  ["W1kd83HsPqLm-1", "W1oDYE8BqF2y"],
  ["W2fT0xYb7aQz-1", "W2sHc4Lm9VtK"],
  ["W3nVc51RjGeu-1", "W3wBp6Zx0JdN"],
];

const EXPORT = "incident.jsonl.gz";
const TEST = "incident.test.ts";
const VITEST = join(CHECKOUT, "node_modules/vitest/vitest.mjs");

export async function incident(): Promise<Incident> {
  const server = await startRedis();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const fleet = new Fleet(server);
  const terminal = new Terminal(server);

  const victim = fleet.start("web-1");
  const lost = await fleet.next("queued");
  await fleet.next("granted");
  fleet.start("web-2");
  const second = await fleet.next("queued");
  await fleet.next("granted");
  fleet.start("web-3");
  const waiter = await fleet.next("queued");
  victim.child.kill("SIGKILL");

  await terminal.slotstream("stats");
  await terminal.slotstream("holders", "reports");
  await terminal.slotstream("waiters", "reports");
  // Whoever lives has said so by now.
  await fleet.hears([second.session, waiter.session]);
  await terminal.slotstream("why", waiter.acquisition);

  const expired = await fleet.next("expired");
  await fleet.next("granted");
  await terminal.slotstream("why", lost.acquisition);
  await terminal.slotstream("history", "--semaphore", "reports");
  const before = new Date(expired.at - 1_000).toISOString();
  await terminal.slotstream("replay", "--until", before);

  await terminal.slotstream("export", EXPORT);
  await terminal.slotstream("verify", EXPORT);
  await terminal.writeTest("replay", EXPORT, "--until", before, "--test");
  await terminal.vitest();
  return { steps: terminal.steps, names: namesOf([lost, second, waiter]), beganAt: lost.at };
}

function namesOf(queued: readonly QueuedEvent[]): Names {
  return new Map(
    queued.flatMap(({ acquisition, session }, i): [string, string][] => {
      const [ownName = "", sessionName = ""] = NAMES[i] ?? [];
      return [
        [acquisition, ownName],
        [session.replace(/^\d+-/, ""), sessionName],
      ];
    }),
  );
}

/** The three processes, and what happens to them. */
class Fleet {
  private readonly events: AsyncIterator<Event>;
  private fail: (error: Error) => void = () => {};
  /** Rejects when a process ends that nobody killed. */
  private readonly failed = new Promise<never>((_, reject) => {
    this.fail = reject;
  });

  constructor(private readonly server: RedisServer) {
    const { url } = server;
    // Whoever waits for an event hears of it.
    this.failed.catch(() => {});
    const coordinator = new RedisCoordinator({ url, reconciler: "external" });
    onTestFinished(() => coordinator.close());
    this.events = coordinator.watch({ after: 0 })[Symbol.asyncIterator]();
  }

  start(name: string): Running {
    const process = join(import.meta.dirname, "process.js");
    const running = startNode([process, name], { env: { SLOTSTREAM_REDIS_URL: this.server.url } });
    running.child.once("exit", (code) => {
      if (code !== null) this.fail(new Error(`${name} ended with ${code}: ${running.stderr}`));
    });
    return running;
  }

  /** Resolves with the next event of this type, once it has happened. */
  async next<T extends Event["type"]>(type: T): Promise<Extract<Event, { type: T }>> {
    for (;;) {
      const { done, value } = await Promise.race([this.events.next(), this.failed]);
      if (done) throw new Error(`the history ended before anything was ${type}`);
      if (isOfType(value, type)) return value;
    }
  }

  /** Resolves once each of these sessions has sent a heartbeat. */
  async hears(sessions: readonly string[]): Promise<void> {
    const silent = new Set(sessions);
    while (silent.size > 0) silent.delete((await this.next("heartbeat")).session);
  }
}

/** A folder in which somebody types, who has said where Redis is by `SLOTSTREAM_REDIS_URL`. */
class Terminal {
  readonly steps: Step[] = [];
  private readonly project = new UserProject(["vitest"]);
  private readonly options: { cwd: string; env: Record<string, string> };

  constructor(server: RedisServer) {
    onTestFinished(() => this.project[Symbol.dispose]());
    this.options = { cwd: this.project.folder, env: { SLOTSTREAM_REDIS_URL: server.url } };
  }

  async slotstream(...args: string[]): Promise<void> {
    this.took(commandOf(args), await this.outputOf(args));
  }

  async writeTest(...args: string[]): Promise<void> {
    this.project.write(TEST, await this.outputOf(args));
    this.took(`${commandOf(args)} > ${TEST}`, "");
  }

  async vitest(): Promise<void> {
    const env = { VITEST: "", VITEST_WORKER_ID: "", NO_COLOR: "1" };
    const running = startNode([VITEST, "run", TEST], { ...this.options, env });
    const { status, stdout, stderr } = await running.ended();
    if (status !== 0) throw new Error(`vitest ended with ${status}: ${stdout}${stderr}`);
    this.took(`npx vitest run ${TEST}`, stdout);
  }

  /** Without empty lines around it. */
  private took(command: string, output: string): void {
    this.steps.push({ command, output: output.replace(/^\n+|\n+$/g, "") });
  }

  private async outputOf(args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await slotstream(args, this.options);
    if (status === 0 && stderr === "") return stdout;
    throw new Error(`${commandOf(args)} ended with ${status}: ${stdout}${stderr}`);
  }
}

function commandOf(args: readonly string[]): string {
  return ["slotstream", ...args].join(" ");
}

function isOfType<T extends Event["type"]>(
  event: Event,
  type: T,
): event is Extract<Event, { type: T }> {
  return event.type === type;
}
