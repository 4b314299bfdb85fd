// @ts-check
// What keeping the history costs an acquire and a release in memory. It cannot be switched off, so one of the processes that
// are compared has a log that records nothing.

import { median } from "../measure.js";
import { Child } from "../processes.js";
import { figure, printTable } from "../table.js";

const CHILD = new URL("./memory-cost-child.js", import.meta.url);
const SETTINGS = [
  { name: "alone", loops: 1, slots: 1 },
  { name: "100 loops on 10 slots", loops: 100, slots: 10 },
];
const MODES = ["on", "off"];

/** @param {import("../history.js").Size} size */
export async function memoryCost({ events, rounds: most }) {
  // A process may be compiled more or less luckily: more of them are needed than rounds within one.
  const rounds = most === 1 ? 1 : 2 * most + 1;
  const rows = [];
  for (const { name, loops, slots } of SETTINGS) {
    /** @type {Record<string, { ns: number[], cpu: number[] }>} */
    const found = { on: { ns: [], cpu: [] }, off: { ns: [], cpu: [] } };
    for (let round = 0; round < rounds; round++) {
      for (const mode of MODES) {
        const child = await Child.start(CHILD);
        const { ns, cpu } = await child.call("pairs", mode, loops, slots, events / 10);
        await child.end();
        found[mode]?.ns.push(ns);
        found[mode]?.cpu.push(cpu);
      }
    }
    rows.push(row(`${name}: time`, found.on?.ns, found.off?.ns));
    rows.push(row(`${name}: processor time`, found.on?.cpu, found.off?.cpu));
  }
  printTable("one acquire and release in memory", ["", "history on", "off", "the history"], rows);
  console.log(
    `  medians of ${rounds} ${rounds === 1 ? "process" : "processes"} each; off: the same log, but it records nothing`,
  );
}

/** @param {string} name @param {number[]} [on] @param {number[]} [off] */
function row(name, on = [], off = []) {
  const [with_, without] = [median(on), median(off)];
  const share = `${figure((100 * (with_ - without)) / with_)} %`;
  return [name, `${figure(with_)} ns`, `${figure(without)} ns`, share];
}
