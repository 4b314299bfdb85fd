/** Ways to build the scripts wrongly, each of which the simulator must find. */

import type { Commit, Loaded } from "../../../src/ports.js";

export interface Mutation {
  /** A commit of an older term is taken. */
  readonly ignoresEpochs: boolean;
  readonly publishesBeforeItChecks: boolean;
  /** Also what nobody has decided yet is deleted. */
  readonly trimsBeyondTheCursor: boolean;
  /** A commit is taken at whatever place. */
  readonly ignoresPlaces: boolean;
  /** What is stored instead. */
  stored(commit: Commit): Commit;
  /** What a new leader is told instead. */
  loaded(loaded: Loaded): Loaded;
}

export const honest: Mutation = {
  ignoresEpochs: false,
  publishesBeforeItChecks: false,
  trimsBeyondTheCursor: false,
  ignoresPlaces: false,
  stored: (commit) => commit,
  loaded: (loaded) => loaded,
};
