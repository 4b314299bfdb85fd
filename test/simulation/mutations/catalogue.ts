/** All deliberate mistakes. Each is found by the worlds that the first seeds make; `../mutations.whole.test.ts` shows it. */

import { CORE } from "./core.js";
import { HISTORY } from "./history.js";
import type { Mutation } from "./mutation.js";
import { RECONCILER } from "./reconciler.js";
import { SCRIPTS_MUTATIONS } from "./scripts.js";
import { SESSION } from "./session.js";

export const MUTATIONS: readonly Mutation[] = [
  ...CORE,
  ...RECONCILER,
  ...HISTORY,
  ...SESSION,
  ...SCRIPTS_MUTATIONS,
];
