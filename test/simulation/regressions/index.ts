/** All of them. */

import { clockSetBackIsForgotten } from "./a-clock-set-back-is-forgotten.js";
import { jumpIsReadLate } from "./a-jump-is-read-late.js";
import { leadersClockIsFast } from "./a-leaders-clock-is-fast.js";
import { keptMessageIsDeleted } from "./a-message-that-was-kept-is-deleted.js";
import { acknowledgedEntryGetsLost } from "./an-acknowledged-entry-gets-lost.js";
import { entriesAreDecidedAnew } from "./entries-are-decided-anew.js";
import { logTimeWaitsForATick } from "./log-time-waits-for-a-tick.js";
import type { Regression } from "./regression.js";
import { clockIsSetBack } from "./the-clock-is-set-back.js";
import { whatWasToldIsDeleted } from "./what-was-told-is-deleted.js";

export const REGRESSIONS: readonly Regression[] = [
  acknowledgedEntryGetsLost,
  entriesAreDecidedAnew,
  whatWasToldIsDeleted,
  clockIsSetBack,
  keptMessageIsDeleted,
  logTimeWaitsForATick,
  leadersClockIsFast,
  clockSetBackIsForgotten,
  jumpIsReadLate,
];
