/** A deliberate mistake: one piece of text in one compiled file, and what stands there instead. */

export interface Mutation {
  /** As it is asked for: `npm run sim -- --mutation NAME`. */
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly wrong: string;
  /** Below the folder that the simulator is compiled to. */
  readonly file: string;
  /** It is there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Any of these invariants may find it; the numbers are those of docs/ARCHITECTURE.md. */
  readonly foundBy: readonly number[];
}
