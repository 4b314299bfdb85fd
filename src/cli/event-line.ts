/** One event as a line, for people or for programs. */

import { describeEvent, type Event } from "../index.js";
import { printable } from "./table.js";
import { showTime } from "./time.js";

/** E.g. `2026-11-23T03:12:00.123Z  #57  granted a on api slot=0 token=7`. */
export function eventLine(event: Event): string {
  return `${showTime(event.at)}  #${event.seq}  ${printable(describeEvent(event))}\n`;
}

export function eventJson(event: Event): string {
  return `${JSON.stringify(event)}\n`;
}
