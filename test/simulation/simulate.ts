/** Runs worlds, and tells of the first in which something went wrong: how to see it again, and what happened. */

import { SimulationError } from "./failure.js";
import { World, type WorldOptions } from "./world.js";

const LINES = 40;

/** @throws SimulationError with seed, faults and the last lines of what happened. */
export async function simulate(options: WorldOptions): Promise<World> {
  const world = new World(options);
  const unhandled = (reason: unknown) => world.fail(new SimulationError(`unhandled: ${reason}`));
  process.on("unhandledRejection", unhandled);
  try {
    await world.run();
    return world;
  } catch (cause) {
    throw new SimulationError(reportOf(world, options, cause), { cause });
  } finally {
    process.off("unhandledRejection", unhandled);
  }
}

function reportOf({ chronicle, plan }: World, { seed, actions }: WorldOptions, cause: unknown) {
  const what = cause instanceof SimulationError ? cause.message : describe(cause);
  const again = `npm run sim -- --seed ${seed}${actions ? ` --steps ${actions}` : ""}`;
  return [
    `seed ${seed}: ${what}`,
    `\nAgain: ${again}`,
    `\nThe world: ${JSON.stringify({ ...plan, faults: undefined })}`,
    `\nThe faults:\n${chronicle.schedule.join("\n")}`,
    `\nThe last of ${chronicle.length} lines:\n${chronicle.last(lines()).join("\n")}\n`,
  ].join("\n");
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function lines(): number {
  return Number(process.env.SIM_LINES || LINES);
}
