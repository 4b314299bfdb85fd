/**
 * The commands that are running: starts them, passes signals on to them, and ends one when its slot
 * is lost. A signal goes to the command itself, not to what it has started in turn.
 */

import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Acquisition } from "../../index.js";
import { say } from "../output.js";
import type { ReceivedSignal } from "../signals.js";
import { cannotRun } from "./cannot-run.js";

/** How a command ended: with a code or by a signal; the other one is `null`. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly stdout: ChildProcess["stdout"];
  readonly stderr: ChildProcess["stderr"];
  /** Rejects with a `Complaint` if the command cannot be run. */
  readonly ended: Promise<Ending>;
  kill(signal: NodeJS.Signals): void;
}

/** The longest that `setTimeout` can wait: 24 days. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** How long we still listen to what a command has left in the background, after it was told to end. */
const LAST_WORDS_MS = 1_000;

export class Children {
  /** Those that run, and those whose output has not ended. */
  private readonly open = new Set<ChildProcess>();
  private interrupted = false;

  /** @param killAfterMs from SIGTERM to SIGKILL, when a slot is lost. */
  constructor(private readonly killAfterMs: number) {}

  /** Starts a command that holds this slot. @throws Complaint if it cannot be run. */
  start(command: readonly string[], slot: Acquisition, stdio: StdioOptions): Child {
    const [file = "", ...args] = command;
    const env = { ...process.env, ...environmentOf(slot) };
    const child = spawnOrComplain(file, args, { env, stdio });
    const terminate = () => this.terminate(child);
    const forget = () => {
      this.open.delete(child);
      slot.signal.removeEventListener("abort", terminate);
    };
    const ended = new Promise<Ending>((resolve, reject) => {
      child.once("exit", (code, signal) => {
        if (this.interrupted || slot.signal.aborted) hangUpSoon(child);
        resolve({ code, signal });
      });
      child.once("close", forget);
      child.on("error", (error) => {
        // It is running, and could not be sent a signal: sudo, for one, belongs to somebody else.
        if (child.pid !== undefined)
          return say(`cannot signal ${file}, it goes on: ${error.message}`);
        forget();
        reject(cannotRun(file, error));
      });
    });
    this.open.add(child);
    slot.signal.addEventListener("abort", terminate);
    if (slot.signal.aborted) terminate();
    const kill = (signal: NodeJS.Signals) => void child.kill(signal);
    return { stdout: child.stdout, stderr: child.stderr, ended, kill };
  }

  /** Passes a signal on, to all that don't have it yet. */
  forward({ signal, everybodyHasIt }: ReceivedSignal): void {
    this.interrupted = true;
    for (const child of this.open) {
      if (hasExited(child)) hangUpSoon(child);
      else if (!everybodyHasIt) child.kill(signal);
    }
  }

  private terminate(child: ChildProcess): void {
    if (hasExited(child)) {
      hangUpSoon(child);
      return;
    }
    child.kill("SIGTERM");
    const delayMs = Math.min(this.killAfterMs, LONGEST_TIMEOUT_MS);
    const timer = setTimeout(() => child.kill("SIGKILL"), delayMs);
    child.once("exit", () => clearTimeout(timer));
  }
}

function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function environmentOf({ id, slotNumber, fencingToken }: Acquisition): Record<string, string> {
  return {
    SLOTSTREAM_SLOT: String(slotNumber),
    SLOTSTREAM_FENCING_TOKEN: String(fencingToken),
    SLOTSTREAM_ACQUISITION: id,
  };
}

/** Node throws some of the reasons why a process cannot start, and emits the others. */
function spawnOrComplain(
  file: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly stdio: StdioOptions },
): ChildProcess {
  try {
    return spawn(file, args, options);
  } catch (error) {
    throw cannotRun(file, error);
  }
}

/** Processes that it has left behind may keep its output open for ever. */
function hangUpSoon(child: ChildProcess): void {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, LAST_WORDS_MS);
  child.once("close", () => clearTimeout(timer));
}
