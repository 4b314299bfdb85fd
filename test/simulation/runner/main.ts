/** `npm run sim`, once it is compiled: see `flags.ts` for what can be asked, `../sim.js` for who calls. */

import { type Flags, flagsOf, USAGE, UsageError } from "./flags.js";
import { pageOf } from "./page.js";
import { runAll } from "./run.js";
import { Sum } from "./sum.js";

const WRONG_USAGE = 64;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const flags = asked(args);
  if (flags === undefined) return WRONG_USAGE;
  if (!flags.help) return simulateAll(flags);
  console.log(USAGE);
  return 0;
}

function asked(args: readonly string[]): Flags | undefined {
  try {
    return flagsOf(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`sim: ${error.message} See --help.`);
    return undefined;
  }
}

/** The summary goes to standard output, failures to standard error. */
async function simulateAll(flags: Flags): Promise<number> {
  const sum = new Sum();
  const begin = performance.now();
  await runAll(flags, (outcome) => {
    sum.add(outcome);
    if (outcome.failure !== undefined) console.error(outcome.failure);
  });
  const summary = sum.summary(performance.now() - begin);
  console.log(flags.json ? JSON.stringify(summary, undefined, 2) : pageOf(summary));
  return summary.failed.length + summary.missed.length > 0 ? 1 : 0;
}
