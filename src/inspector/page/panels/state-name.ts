/** The state that a life has come to, as the machine calls it. */

import type { AcquisitionState } from "../../../core/machine.js";
import type { LifeStep } from "../../../history/life.js";

export function stateName(step: LifeStep | undefined): AcquisitionState | undefined {
  return step?.snapshot.value;
}
