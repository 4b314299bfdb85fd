// @ts-check
// `npm run bench -- memory`: measures side by side with peers, in one run, as medians and ratios.
// What follows the name chooses parts of it, e.g. `npm run bench -- redis pairs`.

/** @type {Record<string, () => Promise<{ run(parts: readonly string[]): Promise<void> }>>} */
const BENCHES = {
  memory: () => import("./memory.js"),
  redis: () => import("./redis.js"),
  failover: () => import("./failover.js"),
  history: () => import("./history.js"),
  observe: () => import("./observe.js"),
};

const [, , name = "", ...parts] = process.argv;
const load = BENCHES[name];
if (load === undefined) {
  console.error(`npm run bench -- NAME, where NAME is one of: ${Object.keys(BENCHES).join(", ")}`);
  process.exit(64);
}
const bench = await load();
await bench.run(parts);
