/**
 * Random sequences of commands, each with its log time, as sessions write them and as time brings ticks. Both logs are
 * given the same one.
 */

import fc from "fast-check";
import type { SessionCommand, TickCommand } from "../../src/core/command.js";
import { nextDeadline } from "../../src/core/deadlines.js";
import { describeCommand, duration } from "../../src/core/describe.js";
import { type Move, Player, walk } from "../support/moves.js";
import { Partition } from "../support/partition.js";

/** What goes into a log. */
export interface Word {
  readonly at: number;
  readonly command: SessionCommand | TickCommand;
}

/** Log time at which all begins: such that tokens are as long as they really are (trap 35). */
export const BEGIN_MS = 1_900_000_000_000;

/**
 * What is between a word and the next one on Redis. `joined`: nothing, they are one entry, if one session says both at a
 * time. `batched`: both are written before anybody reads. `decided`: the first is decided before the second is written.
 * `led anew`: besides, another leader takes over, and knows what is stored.
 */
export type Pace = "joined" | "batched" | "decided" | "led anew";

export interface Story {
  readonly words: readonly Word[];
  /** They come again and again, as often as there are words. */
  readonly paces: readonly Pace[];
  /** The process of memory mode sleeps between the words, so that no tick comes, and the log falls silent. */
  readonly sleepy: boolean;
}

const pace: fc.Arbitrary<Pace> = fc.oneof(
  { weight: 6, arbitrary: fc.constant("decided" as const) },
  { weight: 6, arbitrary: fc.constantFrom("joined" as const, "batched" as const) },
  { weight: 1, arbitrary: fc.constant("led anew" as const) },
);

export const story: fc.Arbitrary<Story> = fc
  .record({
    moves: walk,
    paces: fc.array(pace, { minLength: 1, maxLength: 20 }),
    sleepy: fc.boolean(),
  })
  .map(({ moves, paces, sleepy }) => ({ words: wordsOf(moves, sleepy), paces, sleepy }));

/** What a leader says of its own is left out: in memory nobody notes jumps of a clock, or restarts. */
function wordsOf(moves: readonly Move[], sleepy: boolean): Word[] {
  const partition = sleepy ? new Partition() : new DrivenPartition();
  new Player(partition.at(BEGIN_MS)).play(moves.filter(({ what }) => what.type !== "leader"));
  return partition.commands.flatMap(({ at, command }) =>
    command.type === "rebase" || command.type === "restart" ? [] : [{ at, command }],
  );
}

/** The pace after this word. */
export function paceAfter({ paces }: Story, index: number): Pace {
  return paces[index % paces.length] ?? "decided";
}

/** Line by line, the words as in test/traces; time counts from the beginning. */
export function describeStory(story: Story): string {
  const lines = story.words.map(({ at, command }, index) => {
    const pace = paceAfter(story, index);
    const then = pace === "decided" ? "" : ` (${pace})`;
    return `at ${duration(at - BEGIN_MS)}: ${describeCommand(command)}${then}`;
  });
  return lines.join("\n");
}

/** A partition whose driver sends a tick whenever time alone makes something happen. */
class DrivenPartition extends Partition {
  override at(ms: number): this {
    for (;;) {
      const deadline = nextDeadline(this.state) ?? Infinity;
      if (deadline > ms) return super.at(ms);
      super.at(deadline).tick();
    }
  }
}
