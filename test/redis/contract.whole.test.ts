/** Redis mode keeps the same contract as memory mode, on a real server. */

import { afterAll } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { contract } from "../contract/semaphore.js";
import { startRedis } from "../support/redis-server.js";
import { proxyTo } from "../support/tcp-proxy.js";

const server = await startRedis();
afterAll(() => server.discard());

contract({
  name: "Redis",
  createCoordinator: () => new RedisCoordinator(server.url),
  createMortal: async () => {
    const proxy = await proxyTo(server);
    const coordinator = new RedisCoordinator({ url: proxy.url, responseTimeoutMs: 500 });
    return { coordinator, die: () => proxy.close() };
  },
});
