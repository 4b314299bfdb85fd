/** Who leads: one at a time, whoever starts and ends at the same moment. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { called, Fleet } from "../support/fleet.js";
import { type Member, startMember } from "../support/fleet-process.js";
import { run } from "../support/memory-process.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const api = called("api");

/** Resolves when it leads there. */
async function leadsIn(namespace: string, racer: Member) {
  for (;;) {
    const term = await racer.leads.take();
    if (term.namespace === namespace) return { racer, epoch: term.epoch };
  }
}

test("of two reconcilers that start at once, one leads, 50 times; the other takes over", async () => {
  const first = new Fleet(server);
  const racers = await Promise.all([startMember(first.config), startMember(first.config)]);
  for (let round = 0; round < 50; round++) {
    const fleet = new Fleet(server);
    const { namespace } = fleet;
    await Promise.all(racers.map((racer) => racer.tell("reconcile", namespace)));
    const leads = racers.map((racer) => leadsIn(namespace, racer));
    const winner = await Promise.race(leads);
    expect(await fleet.observer.semaphore(api).use(() => "done")).toBe("done");

    // Both want to lead, and the second one does only when the first one has left.
    await winner.racer.tell("stop", namespace);
    const terms = (await Promise.all(leads)).map(({ epoch }) => epoch);
    expect(await fleet.observer.semaphore(api).use(() => "done")).toBe("done");
    const epochs = await fleet.epochs();
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
    expect(epochs).toEqual(expect.arrayContaining(terms));
    await fleet.observer.close();
    await Promise.all(racers.map((racer) => racer.tell("stop", namespace)));
  }
});

describe("a process", () => {
  test("with a coordinator that does nothing ends by itself", async () => {
    const member = await new Fleet(server).member();
    await member.call(api, "stats");
    member.leaveAlone();
    expect(await member.ended).toBe(0);
  });

  test("with a dozen of them ends by itself as well, without a warning", async () => {
    const ended = await run(`
      import { RedisCoordinator } from "slotstream";
      const config = (i) => ({ url: "${server.url}", namespace: "dozen-" + i });
      const coordinators = Array.from({ length: 12 }, (_, i) => new RedisCoordinator(config(i)));
      await Promise.all(coordinators.map((coordinator) => coordinator.stats()));`);
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("that led and has nothing left to do hands over at once, and ends", async () => {
    const fleet = new Fleet(server);
    const [first, second] = [await fleet.member(), await fleet.member()];
    const slot = await first.acquire(api);
    await first.leads.take();
    const waits = second.acquire(api);
    await fleet.counts("api", 1, 1);
    await first.release(slot);
    await waits;

    first.leaveAlone();
    expect(await first.ended).toBe(0);
    // Without a word, its lease would go on for most of a second.
    expect(await server.cli("GET", fleet.key("leader"))).not.toContain(
      String((await fleet.epochs())[0]),
    );
    await second.leads.take();
    expect(await second.tell("release", (await waits).id)).toBe(true);
  });

  test("that waits stays alive until it has what it waits for", async () => {
    const fleet = new Fleet(server);
    const holder = await fleet.member();
    const slot = await holder.acquire(api);
    const waiter = await fleet.member();
    const waits = waiter.acquire(api);
    await fleet.counts("api", 1, 1);
    waiter.leaveAlone();
    await holder.release(slot);
    await waits;
    expect(await waiter.ended).toBe(0);
  });
});
