/** Runs worlds, and tells of the first in which something went wrong: how to see it again, and what happened. */

import { SimulationError } from "./failure.js";
import { World, type WorldOptions } from "./world.js";

/** Of the chronicle, in the report of a failure. */
export const LINES = 40;

/** @throws SimulationError with seed, faults and the last lines of what happened. */
export async function simulate(options: WorldOptions): Promise<World> {
  const world = new World(options);
  const failure = await failureOf(world);
  if (failure === undefined) return world;
  throw new SimulationError(reportOf(world, options, failure), { cause: failure });
}

/** Runs it to its end, or until something goes wrong. */
export async function failureOf(world: World): Promise<unknown> {
  const unhandled = (reason: unknown) => world.fail(new SimulationError(`unhandled: ${reason}`));
  process.on("unhandledRejection", unhandled);
  try {
    await world.run();
    return undefined;
  } catch (reason) {
    return reason;
  } finally {
    process.off("unhandledRejection", unhandled);
  }
}

/** @param options of the world, as far as they can be given by hand. */
export function reportOf(
  { chronicle, plan }: World,
  { seed, steps }: Pick<WorldOptions, "seed" | "steps">,
  failure: unknown,
  lines = LINES,
): string {
  const again = `npm run sim -- --seed ${seed}${steps ? ` --steps ${steps}` : ""}`;
  return [
    `seed ${seed}: ${messageOf(failure)}`,
    `\nAgain: ${again} --trace`,
    `\nThe world: ${JSON.stringify(plan)}`,
    `\nThe faults:\n${chronicle.schedule.join("\n")}`,
    `\nThe last of ${chronicle.length} lines:\n${chronicle.last(lines).join("\n")}\n`,
  ].join("\n");
}

function messageOf(failure: unknown): string {
  if (failure instanceof SimulationError) return failure.message;
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}
