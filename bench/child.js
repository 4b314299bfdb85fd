// @ts-check
// Runs in a process of its own and does what processes.js asks: calls functions of the module that
// it was started with. What they emit by `tell` reaches the parent's listener.

const [, , url = ""] = process.argv;
/** @type {Record<string, (...args: unknown[]) => unknown>} */
const functions = await import(url);

/** @param {{ id: number, name: string, args: unknown[] }} call */
async function answer({ id, name, args }) {
  try {
    process.send?.({ id, value: await functions[name]?.(...args) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
  }
}

process.on("message", answer);
process.on("disconnect", () => process.exit());
process.send?.({ ready: true });
