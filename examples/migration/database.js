// @ts-check
/**
 * Stands for a database that knows fencing tokens: a file to which statements are only appended, each with
 * the token of who wrote it. One with a lower token than another one before it does not count.
 */

import { appendFileSync, readFileSync } from "node:fs";

/** @typedef {{ statement: string, token: number, pid: number }} Entry */

export class Database {
  /** @param {string} file made when it is first written to */
  constructor(file) {
    this.file = file;
  }

  /** What was executed so far. */
  statements() {
    return this.#counting().map(({ statement }) => statement);
  }

  /**
   * @param {string} statement
   * @param {number} token of the slot that allows it
   * @throws if somebody with a higher token has written already
   */
  execute(statement, token) {
    const line = JSON.stringify({ statement, token, pid: process.pid });
    appendFileSync(this.file, `${line}\n`);
    const { token: highest } = this.#counting().at(-1) ?? { token };
    if (highest > token) throw new Error(`refused: token ${token} is lower than ${highest}`);
  }

  /** Tokens rise; what breaks the order came too late. */
  #counting() {
    /** @type {Entry[]} */
    const counting = [];
    for (const entry of this.#entries()) {
      if (entry.token >= (counting.at(-1)?.token ?? 0)) counting.push(entry);
    }
    return counting;
  }

  /** @returns {Entry[]} */
  #entries() {
    // Opening it to append makes it if it is not there.
    const text = readFileSync(this.file, { encoding: "utf8", flag: "a+" });
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}
