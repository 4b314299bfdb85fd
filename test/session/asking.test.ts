/** What a session asks gets into the log at least once and in order, and takes effect exactly once. */

import { expect, test } from "vitest";
import { BackendUnavailableError, ProtocolError } from "../../src/errors.js";
import { now } from "../support/memory-promises.js";
import { Client, settled } from "./client.js";

const numbers = ({ server }: Client) => server.written.map(({ number }) => number);

test("a session is named by the log's time, however wrong our clock is", async () => {
  for (const aheadMs of [-3_600_000, 3_600_000]) {
    const client = await Client.connected({ aheadMs });
    expect((await client.acquire()).slotNumber).toBe(0);
    expect(client.story.slice(0, 2)).toEqual(["queued id1-2", "granted id1-2"]);
  }
});

test("what is asked before the log can be reached waits, and is then asked under a fresh name", async () => {
  const client = Client.unconnected();
  const slot = client.acquire();
  await client.passes(120_000);
  expect(await now(slot)).toEqual({ is: "pending" });
  client.server.up();
  await settled();
  expect((await slot).slotNumber).toBe(0);
  expect(client.warnings).toEqual([]);
});

test("who composes it learns when the log can be reached, and why it cannot", async () => {
  const client = await Client.connected();
  const reason = new BackendUnavailableError("gone");
  client.server.down(reason);
  client.server.up();
  expect(client.reached).toEqual([undefined, reason, undefined]);
});

test("a hundred acquires at once are one entry", async () => {
  const client = await Client.connected();
  const slots = Array.from({ length: 100 }, () => client.acquire());
  await settled();
  expect(client.server.written.length).toBe(1);
  for (const slot of slots) await (await slot).release();
});

test("one entry is under way at a time; what is asked meanwhile goes into the next", async () => {
  const client = await Client.connected();
  await (await client.acquire()).release();
  client.server.fates = ["loses its reply"];
  void client.acquire();
  await settled();
  void client.acquire();
  void client.acquire();
  await settled();
  expect(numbers(client)).toEqual([1, 2, 3]);
  client.server.down();
  client.server.up();
  await settled();
  expect(numbers(client)).toEqual([1, 2, 3, 4]);
});

test("a lost reply on acquire finds the same acquisition, and leaves no orphan (trap 3)", async () => {
  const client = await Client.connected();
  client.server.fates = ["loses its reply"];
  const slot = client.acquire();
  await settled();
  expect(await now(slot)).toMatchObject({ is: "resolved" });
  client.server.down();
  client.server.up();
  await settled();
  expect(client.story).toEqual(["queued id1-2", "granted id1-2"]);
  expect(await (await slot).release()).toBe(true);
});

test("a lost write is written again, with the same bytes (trap 3)", async () => {
  const client = await Client.connected();
  client.server.fates = ["is lost"];
  const slot = client.acquire();
  await settled();
  client.server.down();
  client.server.up();
  await settled();
  expect((await slot).slotNumber).toBe(0);
  const [first, second] = client.server.written;
  expect(second).toEqual(first);
});

test("what is known to wait in the stream is not written again", async () => {
  const client = await Client.connected();
  client.server.leads = false;
  const slot = client.acquire();
  await client.passes(10_000);
  expect(client.server.written.length).toBe(1);
  client.server.leads = true;
  await client.passes(10);
  expect((await slot).slotNumber).toBe(0);
});

test("what was deleted from the stream is written again, and all that came after it", async () => {
  const client = await Client.connected();
  client.server.leads = false;
  const first = client.acquire();
  await settled();
  client.server.deleteStream();
  const second = client.session.resize("api", 1, 2);
  await settled();
  client.server.leads = true;
  client.server.decide();
  expect(client.last("refused")).toMatchObject({ reason: "stranger" });
  await client.passes(1_000);
  expect((await first).slotNumber).toBe(0);
  expect(await second).toBe(true);
  expect(client.warnings).toEqual([]);
});

test("a gap in the numbers is filled, and costs nobody a slot", async () => {
  const client = await Client.connected();
  const slot = await client.acquire();
  client.server.leads = false;
  const resized = client.session.resize("api", 1, 3);
  await settled();
  client.server.deleteStream();
  const next = client.acquire();
  await settled();
  client.server.leads = true;
  client.server.decide();
  expect(client.last("refused")).toMatchObject({ reason: "gap" });
  await client.passes(500);
  expect(await resized).toBe(true);
  expect((await next).slotNumber).toBe(1);
  expect(slot.lost).toBeUndefined();
});

test("an old socket's entry that comes late changes nothing (trap 31)", async () => {
  const client = await Client.connected();
  client.server.fates = ["is lost"];
  const slot = client.acquire();
  await settled();
  client.server.down();
  client.server.up();
  await (await slot).release();
  const [lost] = client.server.written;
  if (lost) client.server.add(lost);
  await client.passes(1_000);
  expect(client.story).toEqual(["queued id1-2", "granted id1-2", "released id1-2", "refused"]);
  expect((await client.acquire()).slotNumber).toBe(0);
});

test("a log that has no memory left is asked again, more and more patiently", async () => {
  const client = await Client.connected();
  client.server.fates = ["is refused", "is refused", "is refused"];
  const slot = client.acquire();
  const writes: number[] = [];
  const start = client.clock.now();
  while ((await now(slot)).is === "pending") {
    const before = client.server.written.length;
    await client.passes(10);
    if (client.server.written.length > before) writes.push(client.clock.now() - start);
  }
  expect(writes).toEqual([250, 750, 1_750]);
  expect(client.link.lastFailure).toBeUndefined();
});

test("a final error ends what was asked, and what is asked later is asked again", async () => {
  const client = await Client.connected();
  client.server.fates = ["is refused"];
  client.server.refusal = new ProtocolError("WRONGTYPE");
  const slot = client.acquire();
  await expect(slot).rejects.toThrow("WRONGTYPE");
  expect((await client.acquire()).slotNumber).toBe(0);
});

test("who can never connect is told why, at once, also later", async () => {
  const client = Client.unconnected();
  const slot = client.acquire();
  client.server.down(new ProtocolError("WRONGPASS"));
  await expect(slot).rejects.toThrow("WRONGPASS");
  await expect(client.session.revoke("x", false)).rejects.toThrow("WRONGPASS");
  client.server.up();
  expect((await client.acquire()).slotNumber).toBe(0);
});

test("who can lead is told when nobody does, and while something has no answer", async () => {
  const client = await Client.connected();
  client.server.leads = false;
  const slot = client.acquire();
  await settled();
  expect(client.urged).toMatchObject([{ ledForMs: 0 }]);
  await client.passes(250);
  expect(client.urged.length).toBe(2);
  client.server.leads = true;
  await client.passes(500);
  await slot;
  const urged = client.urged.length;
  await client.passes(60_000);
  expect(client.urged.length).toBe(urged);
});

test("the process stays alive for who waits, not for who holds", async () => {
  const client = await Client.connected();
  expect(client.staysAlive).toBe(false);
  const slot = client.acquire();
  expect(client.staysAlive).toBe(true);
  const held = await slot;
  expect(client.staysAlive).toBe(false);
  const released = held.release();
  expect(client.staysAlive).toBe(true);
  await released;
  expect(client.staysAlive).toBe(false);
});

test("questions without an answer end, with the cause", async () => {
  const client = await Client.connected();
  await client.acquire();
  client.server.down(new BackendUnavailableError("gone fishing."));
  const asked = [
    client.tryAcquire(),
    client.session.release("x"),
    client.session.resize("api", 1, 2),
    client.session.revoke("x", false),
  ].map((promise) => promise.catch((error: unknown) => error));
  await client.passes(4_990);
  expect(await now(Promise.race(asked))).toEqual({ is: "pending" });
  await client.passes(10);
  for (const error of await Promise.all(asked)) {
    expect(error).toMatchObject({
      name: "BackendUnavailableError",
      message: expect.stringContaining("5000 ms"),
      cause: { message: "gone fishing." },
    });
  }
  expect(client.staysAlive).toBe(false);
});
