// @ts-check
// The libraries that are compared, in one form: connect, name a semaphore, acquire, give back.

/**
 * @typedef {() => Promise<unknown>} GiveBack
 * @typedef {{ acquire(): Promise<GiveBack> }} Semaphore
 * @typedef {{ semaphore(name: string, value: number): Semaphore, close(): Promise<unknown> }} Connection
 * @typedef {{ connect(url: string): Promise<Connection> }} Library
 */

/** @type {Record<string, () => Promise<Library>>} */
const LIBRARIES = {
  slotstream: () => import("./slotstream.js"),
  "redis-semaphore": () => import("./redis-semaphore.js"),
  bottleneck: () => import("./bottleneck.js"),
};

/** @param {string} name @param {string} url @returns {Promise<Connection>} */
export async function connect(name, url) {
  const library = await LIBRARIES[name]?.();
  if (!library) throw new Error(`no such library: ${name}`);
  return library.connect(url);
}
