/** What many worlds came to, together. The order in which they ended does not matter. */

import { createHash } from "node:crypto";
import { missedOf, PATHS, type Path } from "../reached.js";
import { type Counts, sumOf } from "../tally.js";
import type { Outcome } from "./outcome.js";

/** So many worlds must take every rare path. */
export const MANY = 1000;

export interface Summary {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly steps: number;
  readonly simulatedMs: number;
  readonly faults: Counts;
  readonly checks: Counts;
  readonly reached: Counts;
  /** Rare paths that must be taken by so many worlds, and were not. */
  readonly missed: readonly Path[];
  /** Of one world: of its chronicle. Of several: of their hashes, in the order of the seeds. */
  readonly hash: string;
  readonly failed: readonly number[];
  readonly wallMs: number;
  readonly seedsPerSecond: number;
}

export class Sum {
  private readonly hashes = new Map<number, string>();
  private readonly failed: number[] = [];
  private steps = 0;
  private simulatedMs = 0;
  private faults: Counts = {};
  private checks: Counts = {};
  private readonly reached: Record<string, number> = {};

  add(outcome: Outcome): void {
    this.hashes.set(outcome.seed, outcome.hash);
    if (outcome.failure !== undefined) this.failed.push(outcome.seed);
    this.steps += outcome.steps;
    this.simulatedMs += outcome.simulatedMs;
    this.faults = sumOf([this.faults, outcome.faults]);
    this.checks = sumOf([this.checks, outcome.checks]);
    for (const path of PATHS)
      this.reached[path] = (this.reached[path] ?? 0) + (outcome.reached[path] ?? 0);
  }

  summary(wallMs: number): Summary {
    const seeds = this.hashes.size;
    const { steps, simulatedMs, faults, checks, reached } = this;
    return {
      firstSeed: Math.min(...this.ordered),
      ...{ seeds, steps, simulatedMs, faults, checks, reached },
      missed: seeds >= MANY ? missedOf(reached) : [],
      hash: this.hash,
      failed: this.failed.sort((a, b) => a - b),
      wallMs: Math.round(wallMs),
      seedsPerSecond: Number(((1000 * seeds) / wallMs).toFixed(1)),
    };
  }

  private get ordered(): number[] {
    return [...this.hashes.keys()].sort((a, b) => a - b);
  }

  private get hash(): string {
    const hashes = this.ordered.map((seed) => this.hashes.get(seed) ?? "");
    const [only = ""] = hashes;
    return hashes.length === 1
      ? only
      : createHash("sha256").update(hashes.join("\n")).digest("hex");
  }
}
