/**
 * `slotstream run --each`: one command for each line of standard input, as many at a time as there are
 * slots, like `xargs -P`.
 */

import type { StdioOptions } from "node:child_process";
import { setMaxListeners } from "node:events";
import type { Readable } from "node:stream";
import {
  AcquireCancelledError,
  AcquireTimeoutError,
  type Acquisition,
  type Semaphore,
} from "../../index.js";
import { explain } from "../complain.js";
import { Interrupted } from "../complaint.js";
import { NO_SLOT_IN_TIME, SOME_FAILED } from "../exit-status.js";
import { onSignal, type ReceivedSignal } from "../signals.js";
import { acquireSlot, Busy } from "./acquire-slot.js";
import { type Child, Children, type Ending } from "./children.js";
import { InFlight } from "./in-flight.js";
import { linesAhead, standardInput, unreadableInput } from "./input.js";
import { commandFor } from "./placeholder.js";
import { Screen } from "./screen.js";
import { quote, summary } from "./summary.js";
import { Tally } from "./tally.js";
import { passOnLines, type Write } from "./whole-lines.js";

export interface EachOptions {
  readonly killAfterMs: number;
  /** Or a line takes a slot that is free now, or has failed. */
  readonly waits: boolean;
  /** Neither a bar nor a summary; only what went wrong. */
  readonly quiet: boolean;
}

const PIPES: StdioOptions = ["ignore", "pipe", "pipe"];

/** Resolves with the exit status; rejects with what `complain()` understands. */
export async function runEach(
  semaphore: Semaphore,
  command: readonly string[],
  options: EachOptions,
): Promise<number> {
  return new EachRun(semaphore, command, options).through(standardInput());
}

class EachRun {
  private readonly tally = new Tally();
  private readonly children: Children;
  private readonly screen: Screen;
  /** Aborts when nothing more shall start, with the reason to end with. */
  private readonly stop = new AbortController();

  constructor(
    private readonly semaphore: Semaphore,
    private readonly command: readonly string[],
    private readonly options: EachOptions,
  ) {
    // Every line under way listens; that is no leak.
    setMaxListeners(0, this.stop.signal);
    this.children = new Children(options.killAfterMs);
    // Where lines are typed, a bar would be in the way.
    const withBar = !options.quiet && !process.stdin.isTTY;
    this.screen = new Screen(withBar ? this.tally : undefined, () => {
      this.stop.abort(new Interrupted("SIGPIPE"));
    });
  }

  async through(input: Readable): Promise<number> {
    const startedAt = performance.now();
    const stopListening = onSignal((received) => this.interrupt(received));
    const typed = process.stdin.isTTY && !this.options.quiet;
    if (typed) this.screen.tell("type lines; Ctrl-D ends them");
    await this.runAll(input);
    stopListening();
    this.screen.removeBar();
    const { aborted, reason } = this.stop.signal;
    if (!this.options.quiet && !(aborted && this.tally.ended === 0)) {
      for (const line of summary(this.tally, performance.now() - startedAt)) this.screen.tell(line);
    }
    if (aborted) throw reason;
    return exitStatus(this.tally);
  }

  /**
   * Twice as many lines are under way as there are slots: for each that holds one, another stands in the queue
   * already, so that a slot that comes back is never idle. More would only take memory, and places in the
   * queue that others could have. Where no line waits, none shall be refused because of those before it.
   */
  private async runAll(input: Readable): Promise<void> {
    const { value } = this.semaphore;
    const inFlight = new InFlight(this.options.waits ? 2 * value : value);
    try {
      for await (const line of linesAhead(input, this.tally, this.stop.signal)) {
        await inFlight.add(() => this.runLine(line));
      }
    } catch (cause) {
      this.stop.abort(unreadableInput(cause));
    }
    await inFlight.idle();
  }

  /** Never rejects. */
  private async runLine(line: string): Promise<void> {
    const { signal } = this.stop;
    const askedAt = performance.now();
    try {
      const slot = await acquireSlot(this.semaphore, this.options.waits, signal);
      this.tally.waited(performance.now() - askedAt);
      this.conclude(line, await this.hold(slot, line), slot);
    } catch (error) {
      if (error === signal.reason) return;
      // All else would happen to the other lines as well.
      if (isMissingSlot(error)) this.fail(line, explain(error), true);
      else this.stop.abort(error);
    }
  }

  /** Resolves when the command has ended, its output is written and its slot given back. */
  private async hold(slot: Acquisition, line: string): Promise<Ending> {
    const grantedAt = performance.now();
    this.tally.running++;
    try {
      const child = this.children.start(commandFor(line, this.command), slot, PIPES);
      const [ending] = await Promise.all([
        child.ended,
        passOn(child, child.stdout, this.screen.toStdout),
        passOn(child, child.stderr, this.screen.toStderr),
      ]);
      // A terminal's Ctrl-C may be seen in a command before it is seen here.
      if (ending.signal === "SIGINT") this.interrupt({ signal: "SIGINT", everybodyHasIt: true });
      return ending;
    } catch (error) {
      // Before the slot comes back and lets the next one start.
      this.stop.abort(error);
      throw error;
    } finally {
      this.tally.running--;
      this.tally.held(line, performance.now() - grantedAt);
      // What was lost is given back already, whenever Redis hears of it.
      if (!slot.lost) await slot.release();
    }
  }

  private conclude(line: string, { code, signal }: Ending, { lost }: Acquisition): void {
    if (lost) this.fail(line, explain(lost));
    else if (code === 0) this.tally.succeeded++;
    else if (signal && this.stop.signal.aborted) this.tally.interrupted++;
    else this.fail(line, signal ? `killed by ${signal}.` : `exit status ${code}.`);
  }

  private fail(line: string, reason: string, withoutSlot = false): void {
    this.tally.failed++;
    if (withoutSlot) this.tally.withoutSlot++;
    this.screen.tell(`${quote(line)} failed: ${reason}`);
  }

  private interrupt(received: ReceivedSignal): void {
    const { running } = this.tally;
    if (running > 0 && !this.stop.signal.aborted) {
      this.screen.tell(`${received.signal}: nothing more is started, ${running} still running`);
    }
    this.stop.abort(new Interrupted(received.signal));
    this.children.forward(received);
  }
}

function exitStatus({ failed, withoutSlot }: Tally): number {
  if (failed === 0) return 0;
  return failed === withoutSlot ? NO_SLOT_IN_TIME : SOME_FAILED;
}

function isMissingSlot(error: unknown): boolean {
  return (
    error instanceof Busy ||
    error instanceof AcquireTimeoutError ||
    error instanceof AcquireCancelledError
  );
}

/** What cannot be delivered costs its writer a SIGPIPE, as if it had written there itself. */
function passOn(child: Child, output: Child["stdout"], write: Write): Promise<void> {
  return passOnLines(output, async (bytes) => {
    const delivered = await write(bytes);
    if (!delivered) child.kill("SIGPIPE");
    return delivered;
  });
}
