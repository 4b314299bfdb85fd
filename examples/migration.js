// @ts-check
/**
 * Several instances of a service start at once, and each wants its database migrated first. One of them
 * does it; the others wait, and find it done. If the one is paused in the middle and its slot goes to
 * another, the fencing token keeps it from writing when it wakes.
 *
 *   for i in 1 2 3 4; do node examples/migration.js /tmp/database.jsonl & done; wait
 *
 * On redis://localhost:6379, or SLOTSTREAM_REDIS_URL.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { RedisSemaphore } from "slotstream";
import { Database } from "./migration/database.js";

const STATEMENTS = [
  "create table users",
  "create table orders",
  "create index orders_by_user",
  "add column users.email",
];

const [file = "database.jsonl"] = process.argv.slice(2);
const database = new Database(file);
const migration = new RedisSemaphore({
  name: `migration:${file}`,
  value: 1,
  redis: process.env.SLOTSTREAM_REDIS_URL ?? "redis://localhost:6379",
});

const executed = await migration.use(migrate);
console.log(executed === 0 ? "was migrated already" : `migrated: ${executed} statements`);

/**
 * Goes on where the last one got to; resolves with how many statements were left.
 *
 * @param {import("slotstream").Acquisition} slot
 */
async function migrate({ fencingToken, signal }) {
  const missing = STATEMENTS.slice(database.statements().length);
  for (const statement of missing) {
    await sleep(50, undefined, { signal }); // a real one would take its time
    database.execute(statement, fencingToken);
    console.log(`executed: ${statement}`);
  }
  return missing.length;
}
