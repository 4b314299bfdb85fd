// @ts-check
// slotstream on Redis; who leads is a process of its own (leader.js).

import { RedisCoordinator } from "slotstream";

/** @param {string} url @returns {Promise<import("./index.js").Connection>} */
export async function connect(url) {
  const coordinator = new RedisCoordinator({ url, reconciler: "external" });
  // It connects by itself; with the first answer it is known to have done so, like the others.
  await coordinator.semaphore({ name: "connected", value: 1000 }).use(() => {});
  return {
    semaphore: (name, value) => {
      const semaphore = coordinator.semaphore({ name, value });
      return {
        acquire: async () => {
          const slot = await semaphore.acquire();
          return () => slot.release();
        },
      };
    },
    close: () => coordinator.close(),
  };
}
