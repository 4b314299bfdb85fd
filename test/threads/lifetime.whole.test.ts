/** What keeps a worker or the process alive, and what does not. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MemorySemaphore } from "slotstream";
import { describe, expect, test } from "vitest";
import { Agent, fixture } from "./agent.js";
import { inLine } from "./line.js";

/** Longer than a worker needs to end. */
const LONG_MS = 300;
/** Longer than a worker waits for an answer once the main thread has heard it. */
const LONGER_MS = 2_500;

let made = 0;
const unique = () => ({ name: `lifetime-${++made}`, value: 1 });

describe("a worker", () => {
  test("ends by itself when it holds and awaits nothing", async () => {
    const options = unique();
    const agent = new Agent();
    const slot = await agent.acquire(options);
    await agent.release(slot.id);
    await agent.call(options, "stats");
    void agent.tell("retire");
    expect(await agent.exit).toEqual({ code: 0, error: undefined });
  });

  test("that only waits for a slot lives until it has it", async () => {
    const options = unique();
    const here = new MemorySemaphore(options);
    const slot = await here.acquire();
    const agent = new Agent();
    const acquired = agent.acquire(options);
    await agent.tell("retire");
    await inLine(here, 1);

    // Meanwhile another one comes and goes.
    const other = new Agent();
    void other.tell("retire");
    await other.exit;
    await slot.release();
    expect((await acquired).slotNumber).toBe(0);
    expect(await agent.exit).toEqual({ code: 0, error: undefined });
  });

  test.each([
    ["an acquire", (agent: Agent) => agent.acquire(unique())],
    ["a query", (agent: Agent) => agent.call(unique(), "stats")],
    ["a resize", (agent: Agent) => agent.call(unique(), "resize", 2)],
  ])("lives for %s that the main thread is too busy for", async (_what, ask) => {
    const agent = new Agent();
    await agent.call(unique(), "locked");
    await outlives(agent, ask(agent), LONG_MS);
  });

  test("lives while the main thread is too busy to hear that it is there", async () => {
    const agent = new Agent();
    await outlives(agent, agent.acquire(unique()), LONGER_MS);
  });
});

async function outlives(agent: Agent, asked: Promise<unknown>, blockedMs: number): Promise<void> {
  void agent.tell("retire");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockedMs);
  await asked;
  expect(await agent.exit).toEqual({ code: 0, error: undefined });
}

describe("the process", () => {
  const run = promisify(execFile);

  test.each(["loads-only.js", "unref.js"])("ends by itself: %s", async (name) => {
    const { stdout, stderr } = await run(process.execPath, [fileURLToPath(fixture(name))], {
      timeout: 20_000,
    });
    expect({ stdout, stderr }).toEqual({ stdout: "done\n", stderr: "" });
  });
});
