/** The slots that `slotstream run` takes: those of this process alone, or of a fleet on Redis. */

import { hostname } from "node:os";
import { basename } from "node:path";
import {
  type Coordinator,
  InvalidOptionError,
  MemoryCoordinator,
  type Semaphore,
} from "../../index.js";
import { explain } from "../complain.js";
import { Complaint } from "../complaint.js";
import { WRONG_USAGE } from "../exit-status.js";
import type { RedisFlags } from "../flags.js";
import { connect, loggerOf, reach } from "../fleet.js";
import { say } from "../output.js";

export interface SlotFlags extends RedisFlags {
  readonly name: string;
  readonly value: number;
  readonly ttl?: number;
  readonly maxWait?: number;
}

/** Uses the semaphore that is asked for, and leaves it. @throws Complaint */
export function withSlots<T>(
  flags: SlotFlags,
  command: string,
  use: (semaphore: Semaphore) => Promise<T>,
): Promise<T> {
  return flags.redis ? withFleet(flags, command, use) : withProcess(flags, command, use);
}

async function withFleet<T>(
  flags: SlotFlags,
  command: string,
  use: (semaphore: Semaphore) => Promise<T>,
): Promise<T> {
  let isReached = false;
  const logger = loggerOf((error) => {
    if (isReached) say(`${explain(error)} It goes on trying.`);
  });
  const coordinator = connect(flags, "embedded", logger);
  try {
    const semaphore = semaphoreOf(coordinator, flags, command);
    // To wait in a queue that cannot be reached would look like waiting for a slot.
    await reach(coordinator);
    isReached = true;
    return await use(semaphore);
  } finally {
    isReached = false;
    await coordinator.close();
  }
}

async function withProcess<T>(
  flags: SlotFlags,
  command: string,
  use: (semaphore: Semaphore) => Promise<T>,
): Promise<T> {
  const coordinator = new MemoryCoordinator();
  try {
    return await use(semaphoreOf(coordinator, flags, command));
  } finally {
    await coordinator.close();
  }
}

/** @throws Complaint in the words of the command line. */
export function semaphoreOf(
  coordinator: Coordinator,
  { name, value, ttl: ttlMs, maxWait }: SlotFlags,
  command: string,
): Semaphore {
  const metadata = { host: hostname(), pid: String(process.pid), command: shortened(command) };
  // 0 is no time to wait, but a way to ask: tryAcquire.
  const maxAcquireTimeMs = maxWait === 0 ? undefined : maxWait;
  try {
    return coordinator.semaphore({ name, value, ttlMs, maxAcquireTimeMs, metadata });
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    const flag = FLAGS[error.option] ?? error.option;
    throw new Complaint(WRONG_USAGE, error.message.replace(error.option, flag), { cause: error });
  }
}

/** What the library calls otherwise than the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  name: "--name",
  value: "--value",
  ttlMs: "--ttl",
  maxAcquireTimeMs: "--max-wait",
};

const LONGEST_COMMAND = 60;

/** Its arguments may be secret. */
function shortened(command: string): string {
  return basename(command).slice(0, LONGEST_COMMAND);
}
