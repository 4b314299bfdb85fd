/** However a worker ends, what it held comes back, and whoever waits behind it goes on. */

import { MemorySemaphore } from "slotstream";
import { expect, test } from "vitest";
import { Agent } from "./agent.js";
import { grantsOf, inLine, queueOf } from "./line.js";

let made = 0;
const unique = () => ({ name: `ending-${++made}`, value: 1 });

test("workers that are terminated while they hold and while they wait hold up nobody", async () => {
  const options = unique();
  const here = new MemorySemaphore(options);
  await using holder = new Agent();
  await using first = new Agent();
  await using second = new Agent();

  const held = await holder.acquire(options);
  void first.acquire(options);
  await inLine(here, 1);
  const two = second.acquire(options);
  await inLine(here, 2);
  void first.acquire(options);
  await inLine(here, 3);
  const four = here.acquire();

  await first.worker.terminate();
  await inLine(here, 2);
  await holder.worker.terminate();
  await second.release((await two).id);
  await (await four).release();

  const granted = await grantsOf(here);
  expect(granted).toEqual([held.id, (await two).id, (await four).id]);
  // In the order in which they came, without those that are gone.
  expect((await queueOf(here)).filter((id) => granted.includes(id))).toEqual(granted);
  expect(await here.stats()).toMatchObject({ acquiredSlots: 0, queued: 0 });
});

const crashed = new Error("crashed on purpose");

test.each([
  ["is terminated", (agent: Agent) => agent.worker.terminate(), 1, undefined],
  ["calls process.exit()", (agent: Agent) => agent.tell("exit"), 0, undefined],
  ["crashes", (agent: Agent) => agent.tell("crash"), 1, crashed],
  ["comes to its end", (agent: Agent) => agent.tell("retire"), 0, undefined],
])("a worker that %s gives its slot back", async (_how, end, code, crash) => {
  const options = unique();
  const here = new MemorySemaphore(options);
  await using agent = new Agent();
  const slot = await agent.acquire(options);
  const waiting = here.acquire();

  void end(agent);
  expect((await waiting).fencingToken).toBeGreaterThan(slot.fencingToken);
  expect(await agent.exit).toEqual({ code, error: crash });
  const reasons = [];
  for await (const event of here.history()) {
    if (event.type === "released") reasons.push([event.acquisition, event.reason]);
  }
  expect(reasons).toEqual([[slot.id, "left"]]);
});

test("a worker that ends while it connects leaves nothing behind", async () => {
  const options = unique();
  const here = new MemorySemaphore(options);
  const agents = Array.from({ length: 8 }, () => new Agent());
  for (const [index, agent] of agents.entries()) {
    void agent.acquire(options);
    void agent.acquire(options);
    // The later ones are further on with what they do, at a time that differs from run to run.
    agent.worker.once("online", () => {
      const wait = (turns: number): unknown =>
        turns === 0 ? agent.worker.terminate() : setImmediate(() => wait(turns - 1));
      wait(index * index * 20);
    });
  }
  await Promise.all(agents.map(({ exit }) => exit));

  await using slot = await here.acquire();
  expect((await here.holders()).map(({ id }) => id)).toEqual([slot.id]);
  expect(await here.waiters()).toEqual([]);
});
