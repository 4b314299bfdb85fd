/** What is true of threads, and of subscribers that fail, in processes as users have them. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { startNode } from "../cli/support.js";
import { CHECKOUT } from "../docs/blocks.js";

const LIBRARY = JSON.stringify(pathToFileURL(join(CHECKOUT, "dist/index.js")).href);

/** What the module prints. */
async function run(module: string): Promise<unknown[]> {
  const running = startNode(["--input-type=module", "--eval", module]);
  const { status, stdout, stderr } = await running.ended();
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

test("each thread hears of what it acquires itself, also where another one owns the slots", async () => {
  const worker = `
    import { subscribe } from "node:diagnostics_channel";
    import { parentPort, threadId } from "node:worker_threads";
    import { MemorySemaphore } from ${LIBRARY};
    const heard = [];
    subscribe("slotstream:acquisition:granted", ({ asked: { semaphore, mode }, waitMs }) =>
      heard.push({ semaphore, mode, hasWaited: waitMs > 0 }));
    await (await new MemorySemaphore({ name: "worker's", value: 1 }).acquire()).release();
    parentPort.postMessage(heard);
  `;
  const printed = await run(`
    import { subscribe } from "node:diagnostics_channel";
    import { once } from "node:events";
    import { Worker } from "node:worker_threads";
    import { MemorySemaphore } from ${LIBRARY};
    const heard = [];
    subscribe("slotstream:acquisition:granted", ({ asked }) => heard.push(asked.semaphore));
    await (await new MemorySemaphore({ name: "main's", value: 1 }).acquire()).release();
    const url = "data:text/javascript," + encodeURIComponent(${JSON.stringify(worker)});
    const worker = new Worker(new URL(url));
    const [told] = await once(worker, "message");
    await once(worker, "exit");
    console.log(JSON.stringify(told));
    console.log(JSON.stringify(heard));
  `);
  expect(printed).toEqual([
    [{ semaphore: "worker's", mode: "memory", hasWaited: true }],
    ["main's"],
  ]);
});

test("a subscriber that throws is an uncaught exception of its own, and no harm to the semaphore", async () => {
  const printed = await run(`
    import { subscribe } from "node:diagnostics_channel";
    import { MemorySemaphore } from ${LIBRARY};
    const uncaught = [];
    process.on("uncaughtException", ({ message }) => uncaught.push(message));
    for (const name of ["asked", "granted", "ended"]) {
      subscribe("slotstream:acquisition:" + name, () => { throw new Error(name); });
    }
    const semaphore = new MemorySemaphore({ name: "api", value: 1 });
    const slot = await semaphore.acquire();
    const waiting = semaphore.acquire();
    const released = await slot.release();
    const next = await waiting;
    await next.release();
    const { acquiredSlots, queued } = await semaphore.stats();
    await new Promise((resolve) => setImmediate(resolve));
    console.log(JSON.stringify({ released, acquiredSlots, queued, uncaught: uncaught.sort() }));
  `);
  expect(printed).toEqual([
    {
      released: true,
      acquiredSlots: 0,
      queued: 0,
      uncaught: ["asked", "asked", "ended", "ended", "granted", "granted"],
    },
  ]);
});

test("nothing of what is loaded to acquire loads a library for metrics", async () => {
  const printed = await run(`
    import { createRequire } from "node:module";
    import ${LIBRARY};
    const { cache } = createRequire(${LIBRARY});
    const loaded = Object.keys(cache).filter((path) => /prom-client|opentelemetry/.test(path));
    console.log(JSON.stringify(loaded));
  `);
  expect(printed).toEqual([[]]);
});
