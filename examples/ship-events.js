// @ts-check
/**
 * Writes all that happens in a fleet to files in a folder, as JSON Lines, for a log store to pick up. However often it is
 * killed and started again, each event is there once.
 *
 *   node examples/ship-events.js /var/log/slotstream
 *
 * On redis://localhost:6379, or SLOTSTREAM_REDIS_URL. One at a time for each folder; SIGTERM ends it.
 */

import { RedisCoordinator } from "slotstream";
import { Segments } from "./ship-events/segments.js";

const [folder = "slotstream-events"] = process.argv.slice(2);
const coordinator = new RedisCoordinator({
  url: process.env.SLOTSTREAM_REDIS_URL ?? "redis://localhost:6379",
  reconciler: "external", // it looks, and decides nothing
});
const ending = new AbortController();
process.once("SIGTERM", () => ending.abort());

const segments = new Segments(folder);
console.log(`shipping what comes after event ${segments.lastSeq}`);
for await (const event of coordinator.watch({ after: segments.lastSeq, signal: ending.signal })) {
  const next = segments.lastSeq + 1;
  if (event.seq > next && segments.lastSeq > 0) {
    console.error(
      `events ${next} to ${event.seq - 1} are no longer kept: it was away for too long`,
    );
  }
  segments.append(event);
}
segments.close();
await coordinator.close();
