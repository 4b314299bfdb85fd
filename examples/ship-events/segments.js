// @ts-check
/**
 * Events in files of a bounded size, each named after its first event. What was written is also how far it got, so the two
 * cannot differ. All files but the newest are complete: whoever picks them up may remove them.
 */

import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const EVENTS_A_FILE = 10_000;
const NAME = /^events-\d{16}\.jsonl$/;

export class Segments {
  /** `seq` of the last event that was written; 0 before the first. */
  lastSeq = 0;
  #events = 0;
  /** @type {number | undefined} */
  #file = undefined;

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    const newest = readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort()
      .at(-1);
    if (newest !== undefined) this.#resume(newest);
  }

  /** @param {import("slotstream").Event} event the one that comes next */
  append(event) {
    if (this.#file === undefined || this.#events === EVENTS_A_FILE) this.#begin(event.seq);
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(event)}\n`);
    this.lastSeq = event.seq;
    this.#events++;
  }

  close() {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** @param {number} seq */
  #begin(seq) {
    this.close();
    const name = `events-${String(seq).padStart(16, "0")}.jsonl`;
    this.#file = openSync(join(this.folder, name), "a");
    this.#events = 0;
  }

  /** @param {string} name */
  #resume(name) {
    const path = join(this.folder, name);
    const bytes = readFileSync(path);
    // Of a line that was being written when it was killed, a part may be there.
    const end = bytes.lastIndexOf("\n") + 1;
    truncateSync(path, end);
    const lines = bytes.toString("utf8", 0, end).split("\n").slice(0, -1);
    const last = lines.at(-1);
    // A file is named after the event that was to come first.
    this.lastSeq = last === undefined ? Number(name.slice(7, 23)) - 1 : JSON.parse(last).seq;
    this.#file = openSync(path, "a");
    this.#events = lines.length;
  }
}
