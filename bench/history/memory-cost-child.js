// @ts-check
// Acquires and releases in memory with a history or without one: for memory-cost.js.

import { MemoryCoordinator } from "slotstream";
import { LocalHistory } from "../../dist/memory/local-history.js";
import { median } from "../measure.js";
import { collect } from "./fill.js";

const ROUNDS = 7;

/**
 * @param {"on" | "off"} mode
 * @param {number} loops
 * @param {number} slots
 * @param {number} operations
 */
export async function pairs(mode, loops, slots, operations) {
  if (mode === "off") LocalHistory.prototype.record = () => {};
  const coordinator = new MemoryCoordinator({ threads: "isolated" });
  const semaphore = coordinator.semaphore({ name: "bench", value: slots });
  const loop = async () => {
    for (let i = 0; i < operations / loops; i++) {
      const slot = await semaphore.acquire();
      slot.release();
    }
  };
  /** @type {number[]} */
  const ns = [];
  /** @type {number[]} */
  const cpu = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [start, used] = [process.hrtime.bigint(), process.cpuUsage()];
    await Promise.all(Array.from({ length: loops }, loop));
    const { user, system } = process.cpuUsage(used);
    // The first round only warms up.
    if (round === 0) continue;
    ns.push(Number(process.hrtime.bigint() - start) / operations);
    cpu.push((1_000 * (user + system)) / operations);
  }
  const kept = await collect(coordinator.history({ limit: 1 }));
  if (kept.length !== (mode === "on" ? 1 : 0)) throw new Error(`the history is not ${mode}`);
  await coordinator.close();
  return { ns: median(ns), cpu: median(cpu) };
}
