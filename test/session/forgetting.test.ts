/** The data has lost its last moments: who waited waits again, and who held and comes too late knows of it. */

import { expect, test } from "vitest";
import { Client, settled } from "./client.js";

const noNews = () => {};

/** Somebody else's release grants a slot, which the data saved before it does not know. */
async function grantedAfterSaving() {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  const waiting = client.acquire();
  await settled();
  const before = client.server.save();
  client.server.other({ type: "release", acquisition: "x" });
  const slot = await waiting;
  return { client, before, slot };
}

test("a holder that the data has forgotten is told so, if it comes too late (trap 29)", async () => {
  const client = await Client.connected();
  const before = client.server.save();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  client.server.restart(before, noNews, 0);
  await settled();
  expect(slot.lost).toMatchObject({ reason: "forgotten" });
  expect(slot.signal.aborted).toBe(true);
  expect(slot.state).toBe("expired");
  expect(await slot.release()).toBe(false);
  const next = client.acquire();
  await client.passes(1_100);
  expect(await (await next).release()).toBe(true);
});

test("a holder whose session the data knows of an earlier time is told so (trap 29)", async () => {
  const client = await Client.connected();
  await (await client.acquire()).release();
  const before = client.server.save();
  const slot = await client.acquire();
  client.server.restart(before, noNews, 0);
  await settled();
  expect(slot.lost).toMatchObject({ reason: "forgotten" });
});

test("who knows of a grant that the data has forgotten notices it, though all that it asked is known", async () => {
  const { client, before, slot } = await grantedAfterSaving();
  client.server.restart(before, noNews, 0);
  await settled();
  expect(slot.lost).toMatchObject({ reason: "forgotten" });
});

test("who knows of a grant notices another story that has come as far", async () => {
  const { client, before, slot } = await grantedAfterSaving();
  const granted = client.last("granted");
  const decideAnew = () => {
    client.server.other({ type: "cancel", acquisition: slot.id, reason: "cancelled" });
  };
  client.server.restart(before, decideAnew, 0);
  expect(client.last("abandoned")).toMatchObject({ acquisition: slot.id, seq: granted?.seq });
  await settled();
  expect(slot.lost).toMatchObject({ reason: "forgotten" });
});

test("nobody loses anything by a restart that lost nothing", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  const waiting = client.acquire();
  await settled();
  client.server.restart(client.server.save());
  await client.passes(1_500);
  expect(slot.lost).toBeUndefined();
  expect(await slot.release()).toBe(true);
  expect((await waiting).id).toBe("id1-3");
});

test("who waited waits again, under the same promise and another id, and is warned", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  const before = client.server.save();
  const waiting = client.acquire({ maxAcquireTimeMs: 10_000 });
  await client.passes(1_000);
  client.server.restart(before);
  await settled();
  expect(client.warnings).toEqual([expect.stringContaining("the data in Redis has forgotten it")]);
  expect(client.last("queued")).toMatchObject({
    acquisition: "id1-3",
    terms: { maxAcquireTimeMs: expect.closeTo(9_000, -2) },
  });
  client.server.other({ type: "release", acquisition: "x" });
  await client.passes(1_100);
  expect(await (await waiting).release()).toBe(true);
});

test("what was asked and lost without an answer is asked again", async () => {
  const client = await Client.connected();
  await (await client.acquire()).release();
  const before = client.server.save();
  const slot = await client.acquire();
  client.server.leads = false;
  const questions = [client.session.resize("api", 1, 3), client.session.revoke("nobody", false)];
  const waiting = client.acquire();
  const released = slot.release();
  await settled();
  client.server.leads = true;
  client.server.restart(before);
  await client.passes(1_100);
  expect(await Promise.all(questions)).toEqual([true, false]);
  expect(await released).toBe(false);
  expect(slot.lost).toBeUndefined();
  expect((await waiting).slotNumber).toBe(0);
});

test("who gave up is not asked for again", async () => {
  const client = await Client.connected();
  const before = client.server.save();
  await (await client.acquire()).release();
  client.server.leads = false;
  const controller = new AbortController();
  const waiting = client.acquire({}, controller.signal);
  await settled();
  controller.abort(new Error("never mind"));
  await expect(waiting).rejects.toThrow("never mind");
  client.server.leads = true;
  client.server.restart(before);
  await client.passes(2_000);
  expect(client.story.filter((line) => line.startsWith("queued"))).toEqual(["queued id1-2"]);
  expect(client.session.isBusy).toBe(false);
});

test("a session that leaves is content to be forgotten", async () => {
  const client = await Client.connected();
  const before = client.server.save();
  const slot = await client.acquire();
  const waiting = client.acquire();
  await settled();
  client.server.leads = false;
  const closed = client.session.close(0);
  await settled();
  client.server.leads = true;
  client.server.restart(before);
  await client.passes(100);
  await closed;
  expect(slot.lost).toMatchObject({ reason: "closed" });
  await expect(waiting).rejects.toMatchObject({ code: "CLOSED" });
});

test("a grant that nobody waits for any more is given back", async () => {
  const client = await Client.connected();
  const slot = await client.acquire();
  const { session } = client.last("granted") ?? {};
  client.session.receive({
    seq: 0,
    at: 0,
    type: "granted",
    semaphore: "api",
    acquisition: "id1-99",
    session: session ?? "",
    slot: 7,
    token: 7,
  });
  await settled();
  expect(client.server.written.at(-1)?.commands).toBe(
    '[{"type":"release","acquisition":"id1-99"}]',
  );
  expect(slot.lost).toBeUndefined();
});

test("who is born in what has become the future asks what time it is, and is born again", async () => {
  const client = await Client.connected();
  const { server } = client;
  const empty = server.save();
  const subscribe = server.subscribe.bind(server);
  // All is deleted, and the clock set back, between the naming of the session and its first word.
  server.subscribe = async (session) => {
    server.subscribe = subscribe;
    await subscribe(session);
    server.aheadMs -= 3_600_000;
    server.rewind(empty, 0);
  };
  const waiting = client.acquire();
  await client.passes(1_100);
  expect(server.events.filter(({ type }) => type === "refused")).toHaveLength(1);
  expect((await waiting).slotNumber).toBe(0);
});
