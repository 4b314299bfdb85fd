/** The partition behind a coordinator or a reconciler: checked options become its own, and its warnings reach the logger. */

import { systemClock } from "../memory/system-clock.js";
import { RedisPartition } from "../redis/partition.js";
import { log } from "../session/logger.js";
import type { CheckedRedisConfig } from "./redis-config.js";

/** The partition that these options speak of. @throws InvalidOptionError */
export function partitionOf(config: CheckedRedisConfig): RedisPartition {
  const { source, namespace, failoverPauseMs, responseTimeoutMs } = config;
  return new RedisPartition({
    source,
    clock: systemClock,
    namespace,
    pauseMs: failoverPauseMs,
    responseTimeoutMs,
    warn: (message) => log(config.logger, "warn", {}, message),
  });
}
