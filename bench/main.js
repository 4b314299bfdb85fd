// @ts-check
// `npm run bench -- memory`: measures side by side with peers, in one run, as medians and ratios.

/** @type {Record<string, () => Promise<{ run(): Promise<void> }>>} */
const BENCHES = { memory: () => import("./memory.js") };

const name = process.argv[2] ?? "";
const load = BENCHES[name];
if (load === undefined) {
  console.error(`npm run bench -- NAME, where NAME is one of: ${Object.keys(BENCHES).join(", ")}`);
  process.exit(64);
}
const bench = await load();
await bench.run();
