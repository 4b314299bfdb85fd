/** The data has lost its last moments: who holds says so, and goes on; what it left behind is cleared away. */

import { expect, test } from "vitest";
import type { Terms } from "../../src/core/command.js";
import { Client, settled } from "./client.js";
import type { Saved } from "./fake-server.js";

const NOTHING_KEPT: Saved["kept"] = new Map();

/** A client that holds a slot, of which what was saved before knows nothing. */
async function forgottenHolder(terms: Terms = {}) {
  const client = await Client.connected();
  const before = client.server.save();
  const slot = await client.acquire(terms);
  return { client, before, slot };
}

/** What somebody else says who got the same slot so many tokens later. */
function rival(later: number, { fencingToken }: { readonly fencingToken: number }): object {
  const times = { queuedAt: 1, grantedAt: 1 };
  const hold = { slot: 0, token: fencingToken + later, value: 1, terms: {} };
  return { type: "reassert", semaphore: "api", acquisition: "rival", ...hold, ...times };
}

test("a holder that the data has forgotten keeps its slot (trap 29)", async () => {
  const { client, before, slot } = await forgottenHolder({ heartbeatMaxIntervalMs: 3_000 });
  const { slotNumber, fencingToken, grantedAt } = slot;
  client.server.restart(before);
  await settled();
  expect(client.last("reasserted")).toMatchObject({
    ...{ acquisition: slot.id, slot: slotNumber, token: fencingToken, grantedAt, value: 1 },
    terms: { heartbeatMaxIntervalMs: 3_000 },
  });
  expect(client.warnings).toEqual([expect.stringContaining("held on to its slot")]);
  const waiting = client.acquire();
  await client.passes(5_000);
  expect(slot.lost).toBeUndefined();
  expect(slot.state).toBe("heartbeating");
  expect(await slot.release()).toBe(true);
  const next = await waiting;
  expect(next.slotNumber).toBe(slotNumber);
  expect(next.fencingToken).toBeGreaterThan(fencingToken);
});

test("a holder that the data knows as waiting keeps its slot", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  const waiting = client.acquire();
  await settled();
  const before = client.server.save();
  client.server.other({ type: "release", acquisition: "x" });
  const slot = await waiting;
  client.server.restart(before);
  await settled();
  // The data still has the first holder, whose token is lower.
  expect(client.last("expired")).toMatchObject({ acquisition: "x", reason: "superseded" });
  expect(client.last("reasserted")).toMatchObject({ acquisition: slot.id, slot: 0 });
  expect(slot.lost).toBeUndefined();
});

test("what is left of a TTL goes on", async () => {
  const { client, before, slot } = await forgottenHolder({ ttlMs: 3_000 });
  await client.passes(1_000);
  client.server.restart(before, () => {}, 5_000);
  await client.passes(1_500);
  expect(slot.lost).toBeUndefined();
  await client.passes(600);
  expect(slot.lost).toMatchObject({ reason: "ttl" });
  expect(client.last("expired")).toMatchObject({ acquisition: slot.id, reason: "ttl" });
  // The log is no sooner than its holder, and so may be somewhat later than the TTL.
  const heldMs = (client.last("expired")?.at ?? 0) - slot.grantedAt;
  expect(heldMs).toBeGreaterThan(2_900);
  expect(heldMs).toBeLessThanOrEqual(3_100);
});

test("what the data still has, and nobody holds any more, is given back", async () => {
  const client = await Client.connected();
  const slot = await client.acquire();
  const before = client.server.save();
  await slot.release();
  client.server.restart(before);
  await settled();
  expect(client.last("released")).toMatchObject({ acquisition: slot.id, reason: "left" });
  await client.passes(1_100);
  expect((await client.acquire()).slotNumber).toBe(0);
});

test("a slot that is given back while the log forgets is given back", async () => {
  const { client, before, slot } = await forgottenHolder();
  client.server.leads = false;
  client.server.restart(before);
  await settled();
  const released = slot.release();
  client.server.leads = true;
  await client.passes(1_100);
  expect(await released).toBe(true);
  expect((await client.acquire()).slotNumber).toBe(0);
});

test.each([
  [1, "before", "lower"],
  [1, "after", "lower"],
  [-1, "before", "higher"],
  [-1, "after", "higher"],
])(
  "of two that hold one slot, the later grant counts (%i, it speaks %s): ours is %s",
  async (later, when) => {
    const { client, before, slot } = await forgottenHolder();
    const speak = () => client.server.other(rival(later, slot));
    client.server.restart(before, when === "before" ? speak : () => {});
    await settled();
    if (when === "after") speak();
    await settled();
    if (later > 0) expect(slot.lost).toMatchObject({ reason: "superseded" });
    else expect(slot.lost).toBeUndefined();
    expect(slot.signal.aborted).toBe(later > 0);
  },
);

test("who begins again twice leaves nothing behind", async () => {
  const client = await Client.connected();
  const first = await client.acquire();
  const { session } = client.last("granted") ?? {};
  const before = client.server.save();
  await first.release();
  client.server.leads = false;
  client.server.restart(before);
  await settled();
  const second = client.server.written.at(-1);
  expect(second?.commands).toBe(`[{"type":"leave","former":"${session}"}]`);
  // That entry is lost as well, and the session that wrote it has become too old to be believed.
  client.server.down();
  await client.passes(61_000, 1_000);
  client.server.leads = true;
  client.server.restart(before);
  await client.passes(100);
  expect(client.last("refused")).toMatchObject({ session: second?.session, reason: "stranger" });
  expect(client.last("released")).toMatchObject({ acquisition: first.id, reason: "left" });
  expect(client.last("left")).toMatchObject({ session, by: expect.any(String) });
});

test("who holds loses nothing when only what it was told is gone, at any time", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  client.server.restart({ ...client.server.save(), kept: NOTHING_KEPT }, () => {}, 0);
  await client.passes(5_000);
  expect(client.last("reasserted")).toMatchObject({
    acquisition: slot.id,
    from: expect.any(String),
  });
  expect(slot.lost).toBeUndefined();
  expect(await slot.release()).toBe(true);
});

test("what our own clock has ended is not asserted", async () => {
  const { client, before, slot } = await forgottenHolder({ heartbeatMaxIntervalMs: 1_000 });
  client.server.down();
  await client.passes(2_000);
  client.server.restart(before, () => {}, 5_000);
  await client.passes(100);
  expect(slot.lost).toMatchObject({ reason: "heartbeat" });
  expect(client.last("reasserted")).toBeUndefined();
});

test("a session that was idle for so long that the log forgot it says nothing about that", async () => {
  const client = await Client.connected();
  await (await client.acquire()).release();
  const before = client.server.written.length;
  await client.passes(80_000, 1_000);
  expect(client.last("swept")).toBeDefined();
  expect(client.server.written.length).toBe(before);
});

test("a hold that nobody knows of any more is given back", async () => {
  const { client, before, slot } = await forgottenHolder();
  client.server.restart(before);
  await settled();
  const event = client.last("reasserted");
  if (event?.type !== "reasserted") throw new Error("it was not asserted");
  client.session.receive({ ...event, acquisition: "id1-99" });
  await settled();
  expect(client.server.written.at(-1)?.commands).toContain('"release","acquisition":"id1-99"');
  expect(slot.lost).toBeUndefined();
});

test("nobody holds on to what is not asserted yet because something else was", async () => {
  const client = await Client.connected();
  const before = client.server.save();
  const terms = { heartbeatMaxIntervalMs: 3_000 };
  const many = Array.from({ length: 300 }, () =>
    client.session.acquire({ semaphore: "many", value: 300, terms }),
  );
  const slots = await Promise.all(many);
  client.server.down();
  await client.passes(1_800);
  // They don't fit into one entry, and the second one gets lost.
  client.server.fates = ["happens", "is lost"];
  client.server.restart(before, () => {}, 10_000);
  await client.passes(100);
  const asserted = client.story.filter((line) => line.startsWith("reasserted")).length;
  expect(asserted).toBeGreaterThan(0);
  expect(asserted).toBeLessThan(300);
  expect(slots.at(-1)?.lost).toBeUndefined();
  await client.passes(1_200);
  expect(slots.at(-1)?.lost).toMatchObject({ reason: "heartbeat" });
});

test("what is asserted in several entries is held on to once all of it is answered", async () => {
  const client = await Client.connected();
  const before = client.server.save();
  const terms = { heartbeatMaxIntervalMs: 3_000 };
  const many = Array.from({ length: 300 }, () =>
    client.session.acquire({ semaphore: "many", value: 300, terms }),
  );
  const slots = await Promise.all(many);
  client.server.restart(before, () => {}, 10_000);
  await client.passes(12_000, 100);
  expect(slots.filter(({ lost }) => lost)).toEqual([]);
});
