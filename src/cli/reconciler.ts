/** `slotstream reconciler`: a process that decides for a fleet, or stands by to do so. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { BackendUnavailableError, type Logger, RedisReconciler } from "../index.js";
import type { Health } from "../metrics/endpoint.js";
import { MIN_PAUSE_MS } from "../semaphore/redis-config.js";
import { MIN_AGE_MS } from "../semaphore/retention.js";
import { parseDuration, showDuration } from "./duration.js";
import { countFlag, durationFlag, fleetCommand, type ReportFlags } from "./flags.js";
import { withConfig } from "./fleet.js";
import { HealthLines, roleOf } from "./health-lines.js";
import { addMetricsFlags, type MetricsFlags, openMetrics } from "./metrics.js";
import { print, say } from "./output.js";
import { onSignal } from "./signals.js";

interface ReconcilerFlags extends ReportFlags, MetricsFlags {
  readonly healthInterval: number;
  /** In milliseconds. */
  readonly failoverPause?: number;
  readonly historyEvents?: number;
  /** In milliseconds. */
  readonly historyAge?: number;
}

/** The longest that a timer can wait: 24 days. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

const HELP = `
One reconciler of a fleet leads and decides; all others stand by, and one of
them leads within about a second after it has gone. On SIGTERM, SIGINT and
SIGHUP it hands over at once and ends with status 0. While Redis cannot be
reached, it goes on trying.

A process that acquires slots leads by itself where nobody else does. A fleet
needs reconcilers of its own only where those processes shall not lead.

After Redis was restarted, no slot is given out for a while, so that everybody
has noticed what Redis forgot. Where processes may be silent for longer than
15 seconds (heartbeatMaxIntervalMs), say so with --failover-pause: if all data
is lost, the reconciler has nothing else to go by.

Whoever leads decides what is kept of the history: at least the newest 100,000
events, or as many as --history-events says. What is older than --history-age
goes even if these are fewer. Say the same to all that may lead.

With --metrics-port it tells Prometheus how it decides, and how full the 100
fullest semaphores of the fleet are. Whoever can reach the port reads their
names.

Example:
  Two of them, on different machines, so that one may fail:
    $ slotstream reconciler --redis rediss://redis.internal:6379

Exit status: 0 after it has handed over, or
   64  wrong usage
   78  Redis refuses: password, permission, version or data`;

export function registerReconciler(program: Command): void {
  addMetricsFlags(fleetCommand(program, "reconciler", "decide for a fleet, or stand by to do so"))
    .description(
      "Decide for a fleet, or stand by to do so. Tells which of the two it does, how many " +
        "commits it made, and when that changes.",
    )
    .addOption(
      durationFlag("--health-interval <time>", "how often to tell; 0: only changes").default(
        10_000,
        "10s",
      ),
    )
    .addOption(
      new Option(
        "--failover-pause <time>",
        "how long no slot is given out after Redis was restarted (default: 15s)",
      ).argParser(parsePause),
    )
    .addOption(
      countFlag(
        "--history-events <count>",
        "how many events are kept, or somewhat more (default: 100000)",
      ),
    )
    .addOption(
      new Option(
        "--history-age <time>",
        "how long events are kept, or somewhat longer (default: no limit)",
      ).argParser(parseAge),
    )
    .option("--json", "a JSON object a line, for programs")
    .addHelpText("after", HELP)
    .action((flags: ReconcilerFlags) => new Duty(flags).perform());
}

const parsePause = (text: string) => parseAtLeast(MIN_PAUSE_MS, text);
const parseAge = (text: string) => parseAtLeast(MIN_AGE_MS, text);

/** @throws InvalidArgumentError */
function parseAtLeast(leastMs: number, text: string): number {
  const ms = parseDuration(text);
  if (ms >= leastMs) return ms;
  throw new InvalidArgumentError(`It must be at least ${showDuration(leastMs)}.`);
}

class Duty {
  private readonly reconciler: RedisReconciler;
  private readonly lines: HealthLines;
  private fail: (reason: unknown) => void = () => {};
  private isOver = false;

  /** @throws Complaint */
  constructor(private readonly flags: ReconcilerFlags) {
    this.lines = new HealthLines(flags.json === true);
    const more = {
      logger: this.logger(),
      failoverPauseMs: flags.failoverPause,
      historyRetention: { events: flags.historyEvents, ageMs: flags.historyAge },
    };
    this.reconciler = withConfig(flags, (config) => new RedisReconciler({ ...config, ...more }));
  }

  /** Resolves after a signal, when it has handed over; rejects with what it cannot go on with. */
  async perform(): Promise<void> {
    const closeMetrics = await openMetrics(this.flags, () => this.health());
    const timer = this.startTimer();
    let stopListening = () => {};
    try {
      await new Promise<void>((end, fail) => {
        this.fail = fail;
        stopListening = onSignal(() => end());
        this.reconciler.start();
      });
    } finally {
      this.isOver = true;
      clearInterval(timer);
      // Whoever sends a second signal doesn't want to wait.
      stopListening();
      await Promise.all([this.reconciler.stop(), closeMetrics()]);
    }
  }

  /** For `/healthz`. */
  private health(): Health {
    const role = roleOf(this.reconciler.health());
    return { role, isWell: role !== "failing" };
  }

  private startTimer(): NodeJS.Timeout | undefined {
    const { healthInterval } = this.flags;
    if (healthInterval === 0) return undefined;
    const ms = Math.min(healthInterval, LONGEST_TIMEOUT_MS);
    return setInterval(() => this.look(true), ms);
  }

  /** Tells how it is, if that has changed or is due. */
  private look(isDue: boolean): void {
    if (this.isOver) return;
    const health = this.reconciler.health();
    const { failure } = health;
    if (failure && !(failure instanceof BackendUnavailableError)) {
      this.fail(failure);
      return;
    }
    const { line, complaint } = this.lines.next(health, Date.now(), isDue);
    if (complaint !== undefined) say(complaint);
    try {
      if (line !== undefined) print(line);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Something was told, so something may have changed. Why it fails is part of its health, not told twice. */
  private logger(): Logger {
    const lookSoon = () => queueMicrotask(() => this.look(false));
    const warn = (details: object, message: string) => {
      if (!("err" in details)) say(message);
      lookSoon();
    };
    return { debug: lookSoon, info: lookSoon, warn, error: warn };
  }
}
