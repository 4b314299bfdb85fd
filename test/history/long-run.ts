/** A long random run, the same each time, and its history. */

import fc from "fast-check";
import { Player, walk } from "../support/moves.js";
import { Partition } from "../support/partition.js";

/** @param walks each has up to 100 moves */
export function longRun(walks: number, seed: number): Partition {
  const partition = new Partition();
  const player = new Player(partition);
  for (const moves of fc.sample(walk, { numRuns: walks, seed })) player.play(moves);
  return partition;
}
