/** What is drawn of the lanes, and in which colours. */

import type { State } from "../../../core/state.js";
import type { Span1D } from "../model/scale.js";
import type { Group } from "./lanes-layout.js";

/** Of the row of times at the top. */
export const AXIS_HEIGHT = 22;

export interface Palette {
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly panel: string;
  readonly lane: string;
  readonly accent: string;
  readonly held: string;
  readonly released: string;
  readonly expired: string;
  readonly expiredBar: string;
  readonly queued: string;
  readonly onHeld: string;
  readonly font: string;
}

export interface Scene {
  readonly groups: readonly Group[];
  readonly state: State;
  /** Log time of the moment that is shown; what is later is faint. */
  readonly at: number;
  readonly isLive: boolean;
  readonly window: Span1D;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Where time begins, in pixels from the left. */
  readonly gutter: number;
  readonly chosen: string | undefined;
  readonly hovered: string | undefined;
  readonly palette: Palette;
}
