/** Each kind of fault happens when a world has it, and what was promised holds all the same. */

import { expect, test } from "vitest";
import { FAULTS, type Fault } from "./plan.js";
import { simulate } from "./simulate.js";

const SEEDS = [1];

/** What tells that it struck; a world may bring it about in more than one way. */
const SIGNS: Readonly<Record<Fault, RegExp>> = {
  "cut a connection": /loses its connection/,
  "cut the leader": /loses its connection/,
  partition: /cannot reach Redis/,
  stall: /stands still/,
  "stall the leader": /stands still/,
  pause: /is paused/,
  "pause the leader": /is paused/,
  "suspend a machine": /is suspended/,
  crash: /crashes, for/,
  "crash the leader": /crashes, for/,
  "crash at an await": /crashes after \d+ awaits/,
  rivals: /all that can lead want to at once/,
  "stop Redis": /Redis stops for \d+ ms$/,
  "stop Redis and lose its last moments": /loses its last/,
  "stop Redis and lose everything": /loses everything/,
  "lose everything while nobody is there who knew": /is started anew/,
  "slow scripts": /slow scripts/,
  "fill Redis": /no memory left/,
  "delete a key": /is deleted|of another type/,
  "delete a field": /a field of/,
  "delete an entry": /entry .* is deleted/,
  "delete the commands": /the commands are deleted/,
  "delete what was told": /what was told is deleted/,
  "delete everything": /everything is deleted/,
  "set the clock": /the server's clock is set by/,
  "nudge the clock": /the server's clock is set by -?\d{1,2} ms/,
  "set the clock of a process": /jumps ahead/,
  "let the clock of a process go wrong": /goes at/,
  "write what no session writes": /nonsense/,
};

let fault: Fault;
for (fault in FAULTS) {
  const kind = fault;
  test(`nothing goes wrong where the only fault is: ${kind}`, { timeout: 60_000 }, async () => {
    const plan = { faults: { [kind]: 1 }, faultMs: 200, latenciesMs: [2, 30] };
    const struck: string[] = [];
    for (const seed of SEEDS) {
      const { chronicle } = await simulate({ seed, plan });
      struck.push(...chronicle.schedule);
    }
    expect(struck.filter((line) => SIGNS[kind].test(line)).length).toBeGreaterThan(0);
  });
}
