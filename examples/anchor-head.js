// @ts-check
/**
 * Checks the history of a fleet against the hash that was noted down last, and notes down today's. For cron, once a day; the
 * file belongs where who can write to Redis cannot: on another machine, or in a store that only appends.
 *
 *   node examples/anchor-head.js /var/lib/slotstream/heads.txt
 *
 * On redis://localhost:6379, or SLOTSTREAM_REDIS_URL. Status 1 if the history is not the one of last time.
 */

import { appendFile, readFile } from "node:fs/promises";
import { RedisCoordinator } from "slotstream";

const [file = "heads.txt"] = process.argv.slice(2);
const coordinator = new RedisCoordinator({
  url: process.env.SLOTSTREAM_REDIS_URL ?? "redis://localhost:6379",
  reconciler: "external", // it looks, and decides nothing
});

const noted = await readFile(file, { encoding: "utf8", flag: "a+" }); // made, if it is not there
const known = noted.trimEnd().split("\n").at(-1)?.split(" ").at(-1);
const { ok, head, last, problem } = await coordinator.verify(known ? { head: known } : {});
await coordinator.close();

if (ok) {
  await appendFile(file, `${new Date().toISOString()} event ${last ?? 0} ${head}\n`);
  console.log(`whole up to event ${last ?? 0}, and the same as before`);
} else {
  console.error(`not the history that was noted down: ${problem?.message}`);
  process.exitCode = 1;
}
