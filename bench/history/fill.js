// @ts-check
// Makes a history of some length, as a fleet would: loops on semaphores that are too small for them, so that some wait.

const LOOPS = 100;
const SEMAPHORES = 10;
const SLOTS = 5;
/** An acquisition is queued, granted and released. */
export const EVENTS_A_PAIR = 3;

/**
 * @param {import("slotstream").Coordinator} coordinator
 * @param {number} events how many there are to be, or a few more
 * @returns {Promise<string[]>} ids of the acquisitions, in order of their grants
 */
export async function fill(coordinator, events) {
  const semaphores = Array.from({ length: SEMAPHORES }, (_, index) =>
    coordinator.semaphore({
      name: `bench-${index}`,
      value: SLOTS,
      metadata: { host: `web-${index}`, pid: `${1000 + index}` },
    }),
  );
  /** @type {string[]} */
  const ids = [];
  let left = Math.ceil(events / EVENTS_A_PAIR);
  const loop = async (/** @type {number} */ index) => {
    const semaphore = semaphores[index % SEMAPHORES];
    while (semaphore && left-- > 0) {
      const slot = await semaphore.acquire();
      ids.push(slot.id);
      await slot.release();
    }
  };
  await Promise.all(Array.from({ length: LOOPS }, (_, index) => loop(index)));
  return ids;
}

/** @param {AsyncIterable<import("slotstream").Event>} events */
export async function collect(events) {
  const all = [];
  for await (const event of events) all.push(event);
  return all;
}
