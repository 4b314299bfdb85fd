/** The colours of the style sheet, for what is drawn on a canvas. */

import type { Palette } from "./lanes-scene.js";

export function paletteOf(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour("text"),
    faint: colour("faint"),
    line: colour("line"),
    panel: colour("panel"),
    lane: colour("lane"),
    accent: colour("accent"),
    held: colour("held"),
    released: colour("released-bar"),
    expired: colour("expired"),
    expiredBar: colour("expired-bar"),
    queued: colour("queued"),
    onHeld: colour("on-held"),
    font: style.getPropertyValue("--sans").trim(),
  };
}
