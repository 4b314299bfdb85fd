/** Runs the worlds that were asked for: one or few in this process, many in several. */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Flags } from "./flags.js";
import { type Outcome, outcomeOf } from "./outcome.js";
import type { Share } from "./shard.js";

const SHARD = fileURLToPath(new URL("shard.js", import.meta.url));

export type OnOutcome = (outcome: Outcome) => void;

/** Resolves when all have ended, or after the first failure. */
export async function runAll(flags: Flags, onOutcome: OnOutcome): Promise<void> {
  if (flags.shards === 1) await runHere(flags, onOutcome);
  else await runInShards(flags, onOutcome);
}

async function runHere({ seed: first, seeds, ...flags }: Flags, onOutcome: OnOutcome) {
  const onLine = flags.trace ? (line: string) => console.log(line) : undefined;
  for (let seed = first; seed < first + seeds; seed++) {
    const outcome = await outcomeOf({ seed, steps: flags.steps, onLine }, flags.lines);
    onOutcome(outcome);
    if (outcome.failure !== undefined && !flags.all) return;
  }
}

async function runInShards(flags: Flags, onOutcome: OnOutcome): Promise<void> {
  const { seed, seeds, shards: stride } = flags;
  const controller = new AbortController();
  const isOver = () => controller.signal.aborted;
  const hear = (outcome: Outcome) => {
    if (isOver()) return;
    onOutcome(outcome);
    if (outcome.failure !== undefined && !flags.all) controller.abort();
  };
  const shares = Array.from({ length: stride }, (_, index) => ({
    ...{ first: seed + index, end: seed + seeds, stride, flags },
  }));
  await Promise.all(shares.map((share) => runShare(share, controller.signal, hear)));
}

/** Rejects if the process ends before its work is done, unless it was told to. */
function runShare(share: Share, signal: AbortSignal, hear: OnOutcome): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(SHARD, [JSON.stringify(share)], { signal });
    child.on("message", (outcome: Outcome) => hear(outcome));
    child.on("error", (error) => {
      if (!signal.aborted) reject(error);
    });
    child.on("exit", (code) => {
      if (code === 0 || signal.aborted) resolve();
      else reject(new Error(`the shard from seed ${share.first} on ended with ${code}.`));
    });
  });
}
