/** The semaphore of a fleet: the same as in memory, with its slots in Redis. */

import type { SemaphoreStats } from "../core/views.js";
import { InvalidOptionError } from "../errors.js";
import type { AcquiredStatsQuery } from "./coordinator.js";
import type { SemaphoreOptions } from "./options.js";
import type { RedisOption } from "./redis-config.js";
import { RedisCoordinator } from "./redis-coordinator.js";
import { Semaphore } from "./semaphore.js";
import { sharedCoordinator } from "./shared-coordinators.js";

export interface RedisSemaphoreOptions extends SemaphoreOptions {
  /** Where Redis is. Default: `redis://localhost:6379`. Semaphores with equal options share their connections. */
  readonly redis?: RedisOption | undefined;
  /** Instead of `redis`: one of your own, which you can close. */
  readonly coordinator?: RedisCoordinator | undefined;
}

/**
 * At most `value` at a time, across all processes that use the same Redis, namespace and name.
 *
 * @example
 * const semaphore = new RedisSemaphore({ name: "external-api", value: 100, redis: "redis://localhost:6379" });
 * await semaphore.use(async (slot) => callApi(slot.signal));
 */
export class RedisSemaphore extends Semaphore {
  /** @throws InvalidOptionError */
  constructor(options: RedisSemaphoreOptions) {
    const coordinator = coordinatorOf(options);
    super(coordinator, options, ["redis", "coordinator"]);
    coordinator.tellOutages(options.logger);
  }

  /** How full the semaphores of a namespace are, the highest percentage first. */
  static getAcquiredStats(
    query: AcquiredStatsQuery & { readonly redis?: RedisOption | undefined } = {},
  ): Promise<Map<string, SemaphoreStats>> {
    const { redis, ...rest } = query;
    return sharedCoordinator(redis).stats(rest);
  }
}

function coordinatorOf(options: RedisSemaphoreOptions | undefined): RedisCoordinator {
  const { redis, coordinator } = options ?? {};
  if (coordinator === undefined) return sharedCoordinator(redis);
  if (redis === undefined && coordinator instanceof RedisCoordinator) return coordinator;
  throw new InvalidOptionError(
    "coordinator",
    "coordinator must be a RedisCoordinator, and knows where Redis is. Leave out coordinator or redis.",
  );
}
