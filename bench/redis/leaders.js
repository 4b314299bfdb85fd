// @ts-check
// One that leads and one that stands by; who leads can be killed or paused, again and again.

import { now } from "../fleet/records.js";
import { Candidate, startLeader, startStandby } from "./leader.js";

export class Leaders {
  #url;
  /** @type {Candidate[]} */
  #candidates;

  /** @param {string} url @param {Candidate[]} candidates */
  constructor(url, candidates) {
    this.#url = url;
    this.#candidates = candidates;
  }

  /** @param {string} url */
  static async start(url) {
    return new Leaders(url, [await startLeader(url), await startStandby(url)]);
  }

  /** Kills the leader; another one leads and another one stands by when this resolves with when it was done. */
  async kill() {
    const { leader, standby } = this.#roles();
    const leads = standby.says("leading");
    const at = now();
    await leader.end("SIGKILL");
    await leads;
    this.#candidates = [standby, await startStandby(this.#url)];
    return at;
  }

  /** Stops the leader until another one leads, lets it go on, and resolves, with when it was stopped, after it has stood down. */
  async pause() {
    const { leader, standby } = this.#roles();
    const leads = standby.says("leading");
    const at = now();
    leader.signal("SIGSTOP");
    await leads;
    const standsDown = leader.says("standby");
    leader.signal("SIGCONT");
    await standsDown;
    return at;
  }

  async end() {
    await Promise.all(this.#candidates.map((candidate) => candidate.end()));
  }

  #roles() {
    const leader = this.#candidates.find(({ role }) => role === "leading");
    const standby = this.#candidates.find((candidate) => candidate !== leader);
    if (leader === undefined || standby === undefined) throw new Error("nobody leads");
    return { leader, standby };
  }
}
