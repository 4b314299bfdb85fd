/** Redis mode keeps the same contract as memory mode, on a real server. */

import { afterAll } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { contract } from "../contract/semaphore.js";
import { startRedis } from "../support/redis-server.js";

const server = await startRedis();
afterAll(() => server.discard());

contract({ name: "Redis", createCoordinator: () => new RedisCoordinator(server.url) });
