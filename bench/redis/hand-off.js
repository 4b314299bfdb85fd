// @ts-check
// From a release to the next holder, in another process. Two processes take turns: who holds gives
// the slot back as soon as the other one waits for it, and asks again once the other one has it.

import { setTimeout } from "node:timers/promises";
import { median, quantile } from "../measure.js";
import { Child } from "../processes.js";
import { micros, printTable, ratio } from "../table.js";
import { contenders, ROUNDS, withRedis } from "./setting.js";

const CHILD = new URL("./library-child.js", import.meta.url);
const TURNS = 200;
const WARM_UP = 20;
const NAME = "baton";

export async function handOff() {
  await compare("released at once when the other waits", () => undefined);
  // Who polls is at the mercy of the moment; here it is any.
  await compare("released at a random moment within 10 ms", () => setTimeout(Math.random() * 10));
}

/** @param {string} title @param {() => Promise<void> | undefined} hold */
async function compare(title, hold) {
  const names = contenders();
  /** @type {Map<string, { p50: number, p99: number }[]>} */
  const found = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const costs = await withRedis(name, (server) => takeTurns(name, server.url, hold));
      found.get(name)?.push({ p50: quantile(costs, 0.5), p99: quantile(costs, 0.99) });
    }
  }
  const rows = names.map((name) => {
    const of = (/** @type {"p50" | "p99"} */ key, from = name) =>
      median((found.get(from) ?? []).map((round) => round[key]));
    const [first = name] = names;
    return [name, micros(of("p50")), micros(of("p99")), ratio(of("p50") / of("p50", first))];
  });
  printTable(
    `hand-off to another process, ${title}`,
    ["", "p50", "p99", `p50 to ${names[0]}'s`],
    rows,
  );
}

/** @param {string} library @param {string} url @param {() => Promise<void> | undefined} hold */
async function takeTurns(library, url, hold) {
  const children = await Child.startMany(2, CHILD);
  for (const child of children) await child.call("open", library, url);
  let [holder, other] = /** @type {[Child, Child]} */ (children);
  await holder.call("take", NAME, 1);
  /** @type {number[]} */
  const costs = [];
  for (let turn = 0; turn < WARM_UP + TURNS; turn++) {
    const taken = other.call("take", NAME, 1);
    await other.call("ping");
    await hold();
    const [leftAt, takenAt] = await Promise.all([holder.call("leave"), taken]);
    if (turn >= WARM_UP) costs.push(takenAt - leftAt);
    [holder, other] = [other, holder];
  }
  await Promise.all(children.map((child) => child.end()));
  return costs;
}
