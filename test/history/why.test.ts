/** Why an acquisition waits, holds or has ended: what is known of it, and how it reads. */

import { describe, expect, test } from "vitest";
import { fold } from "../../src/core/step.js";
import { describeExplanation } from "../../src/history/describe-explanation.js";
import { why } from "../../src/history/why.js";
import {
  acquire,
  cancel,
  heartbeat,
  leave,
  reassert,
  release,
  resize,
  revoke,
} from "../support/commands.js";
import { Partition } from "../support/partition.js";

const explain = (id: string, { state, events, now }: Partition) => why(state, now, id, events);
const lines = (id: string, partition: Partition) => describeExplanation(explain(id, partition));

const EVERY_3_S = { heartbeatMaxIntervalMs: 3_000 };

describe("one that waits", () => {
  const queue = () =>
    new Partition()
      .at(1_000)
      .given(
        acquire("a", { value: 2, ttlMs: 60_000, ...EVERY_3_S }),
        acquire("b", { value: 2, by: "0-t" }),
      )
      .at(2_000)
      .given(
        acquire("c", { value: 2, by: "0-t", maxAcquireTimeMs: 30_000 }),
        acquire("d", { value: 2, by: "0-t", maxAcquireTimeMs: 90_000, ...EVERY_3_S }),
      )
      .at(2_500);

  test("is told its place, who is ahead, who holds, and what must happen next", () => {
    expect(explain("d", queue())).toEqual({
      kind: "waiting",
      ...{ id: "d", at: 2_500, semaphore: "api", session: "0-t" },
      ...{ queuedAt: 2_000, waitedMs: 500, position: 2, slots: 2, declared: 2 },
      ahead: [{ id: "c", session: "0-t", queuedAt: 2_000, expiresAt: 32_000 }],
      holders: [
        {
          ...{ id: "a", session: "0-s", slotNumber: 0, grantedAt: 1_000, heldMs: 1_500 },
          ...{ expiresAt: 61_000, heardAt: 1_000, silentAt: 4_000, revoked: false },
        },
        {
          ...{ id: "b", session: "0-t", slotNumber: 1, grantedAt: 1_000, heldMs: 1_500 },
          ...{ expiresAt: undefined, heardAt: 2_000, silentAt: undefined, revoked: false },
        },
      ],
      pausedUntil: undefined,
      givesUpAt: 92_000,
      silentAt: 5_000,
      next: { what: "release", count: 1, atLatest: 61_000 },
      // c may get the slot of a just before it would give up, and has no limit then.
      grantedAtLatest: undefined,
    });
  });

  test("and reads so", () => {
    expect(lines("d", queue())).toEqual([
      'd waits for a slot of "api", as number 2 in the queue, for 500 ms.',
      "  ahead of it: c, for 500 ms",
      '"api" has 2 slots, and 2 are held.',
      "  held by: slot 0: a, for 1.5 s, until its ttl ends in 58.5 s, free in 1.5 s unless its session is heard",
      "  held by: slot 1: b, for 1.5 s",
      "Next: one holder must let go, in 58.5 s at the latest.",
      "Nothing says when it has a slot at the latest: somebody before it has no ttl.",
      "It gives up in 1 min 30 s.",
      "It loses its place in 2.5 s if its session 0-t is not heard before.",
    ]);
  });

  test("has a bound where all before it have", () => {
    const ttl = (ttlMs: number) => ({ ttlMs, by: "0-t" });
    const partition = new Partition()
      .given(acquire("a", ttl(5_000)), acquire("b", ttl(7_000)), acquire("c", ttl(9_000)))
      .given(acquire("d"))
      .at(1_000);
    expect(explain("b", partition)).toMatchObject({ grantedAtLatest: 5_000 });
    expect(explain("d", partition)).toMatchObject({ grantedAtLatest: 21_000, position: 3 });
    expect(lines("d", partition)).toContain(
      "It has a slot in 20.0 s at the latest, unless somebody intervenes.",
    );
  });

  test("for slots that there are too many of after a shrink: the first that come back are not given", () => {
    const partition = new Partition().given(
      acquire("a", { value: 3, ttlMs: 5_000 }),
      acquire("b", { value: 3, ttlMs: 7_000 }),
      acquire("c", { value: 3, ttlMs: 9_000 }),
      resize("api", 1),
      acquire("d", { value: 3, ttlMs: 1_000 }),
      acquire("e", { value: 3 }),
    );
    expect(explain("d", partition)).toMatchObject({
      next: { what: "release", count: 3, atLatest: 9_000 },
      grantedAtLatest: 9_000,
    });
    expect(explain("e", partition)).toMatchObject({ grantedAtLatest: 10_000 });
    expect(lines("e", partition)).toEqual(
      expect.arrayContaining([
        '"api" has 1 slot (resized; its regular value is 3), and 3 are held.',
        "Next: 3 holders must let go before anybody is served, in 9.0 s at the latest.",
      ]),
    );
  });

  test("for what was resized to nothing", () => {
    const partition = new Partition().given(resize("api", 0, { declared: 1 }), acquire("a"));
    expect(explain("a", partition)).toMatchObject({
      ...{ slots: 0, declared: 1, holders: [], grantedAtLatest: undefined },
      next: { what: "resize", atLatest: undefined },
    });
    expect(lines("a", partition)).toContain(
      "Next: somebody must resize the semaphore; nothing says when at the latest.",
    );
  });

  test("while grants pause", () => {
    const partition = new Partition().at(1_000);
    partition.lead({ type: "restart", pauseMs: 9_000 });
    partition.given(acquire("a", { ttlMs: 500 }), acquire("b", { by: "0-t" })).at(4_000);
    expect(explain("a", partition)).toMatchObject({
      ...{ pausedUntil: 10_000, grantedAtLatest: 10_000 },
      next: { what: "pause-ends", atLatest: 10_000 },
    });
    expect(explain("b", partition)).toMatchObject({ grantedAtLatest: 10_500 });
    expect(lines("a", partition)).toEqual(
      expect.arrayContaining([
        "Grants pause for 6.0 s: the data may have lost its last moments.",
        "Next: a slot is free, and grants go on, in 6.0 s at the latest.",
      ]),
    );
  });

  test("in the middle of a step, just before it gets its slot", () => {
    const { events } = new Partition().given(acquire("a"), acquire("b"), release("a"));
    const middle = new Partition();
    expect(events.at(-1)).toMatchObject({ type: "granted", acquisition: "b" });
    fold(middle.state, events.slice(0, -1));
    expect(explain("b", middle)).toMatchObject({ next: { what: "grant", atLatest: 0 } });
    expect(lines("b", middle)).toContain(
      "Next: a slot is free, and is given to the head of the queue, in 0 ms at the latest.",
    );
  });

  test("after the clock jumped: what is to come has moved with it", () => {
    const partition = new Partition().given(
      acquire("a", { ttlMs: 30_000 }),
      acquire("b", { maxAcquireTimeMs: 20_000 }),
    );
    partition.at(3_600_000).lead({ type: "rebase", byMs: 3_600_000 });
    expect(explain("b", partition)).toMatchObject({
      ...{ givesUpAt: 3_620_000, grantedAtLatest: 3_630_000 },
      next: { atLatest: 3_630_000 },
    });
  });

  test("behind very many: ten are named, and the others counted", () => {
    const partition = new Partition();
    for (let i = 0; i < 30; i++) partition.given(acquire(`a${i}`, { value: 12 }));
    const said = lines("a29", partition);
    expect(said.filter((line) => line.startsWith("  ahead of it"))).toHaveLength(11);
    expect(said).toContain("  ahead of it: 7 more");
    expect(said).toContain("  held by: 2 more");
  });
});

describe("one that holds", () => {
  test("is told since when, what ends it, and who waits", () => {
    const partition = new Partition().given(
      ...[acquire("a", { ttlMs: 60_000, ...EVERY_3_S }), acquire("b", { by: "0-t" })],
    );
    partition
      .at(1_000)
      .given(heartbeat(), revoke("a", { by: "0-op" }))
      .at(2_500);
    expect(explain("a", partition)).toEqual({
      kind: "holding",
      ...{ id: "a", at: 2_500, semaphore: "api", session: "0-s", queuedAt: 0, fencingToken: 1 },
      holder: {
        ...{ id: "a", session: "0-s", slotNumber: 0, grantedAt: 0, heldMs: 2_500 },
        ...{ expiresAt: 60_000, heardAt: 1_000, silentAt: 4_000, revoked: true },
      },
      revokedBy: expect.objectContaining({ type: "revoked", by: "0-op", at: 1_000 }),
      waiting: 1,
    });
    expect(lines("a", partition)).toEqual([
      'a holds slot 0 of "api" for 2.5 s, with token 1.',
      "Its session 0-s was heard 1.5 s ago.",
      "It loses the slot in 1.5 s if its session is not heard before, or in 57.5 s by its ttl.",
      "It was told to give the slot back by 0-op, 1.5 s ago.",
      "1 waits for a slot.",
    ]);
  });

  test("without a limit", () => {
    const partition = new Partition().given(acquire("a"));
    expect(lines("a", partition)).toContain("Nothing but itself ends that.");
  });
});

describe("one that has ended", () => {
  /** The causes, as they are and as they read. */
  const causes = (id: string, partition: Partition) => {
    const explanation = explain(id, partition);
    if (explanation.kind !== "ended") throw new Error(`${id} is ${explanation.kind}`);
    const [first, ...said] = describeExplanation(explanation);
    return { first, said, what: explanation.causes };
  };

  test("as it was released, by itself or by somebody else", () => {
    const partition = new Partition().given(acquire("a", { value: 2 }), acquire("b", { value: 2 }));
    partition
      .at(4_000)
      .given(release("a"), release("b", { by: "0-op" }))
      .at(5_000);
    expect(causes("a", partition)).toEqual({
      first: 'a on "api" was released (released) 1.0 s ago (event 5).',
      said: ["It had held its slot for 4.0 s.", "Session 0-s asked for it, its own."],
      what: [{ what: "asked", by: "0-s", own: true }],
    });
    expect(causes("b", partition).what).toEqual([{ what: "asked", by: "0-op", own: false }]);
  });

  test("as it was told to give the slot back", () => {
    const partition = new Partition().given(acquire("a"), revoke("a", { by: "0-op" }));
    partition.at(500).given(release("a"));
    expect(causes("a", partition)).toMatchObject({
      said: [
        ...["It had held its slot for 500 ms.", "Session 0-s asked for it, its own."],
        "It was told to give the slot back by 0-op, 500 ms before.",
      ],
      what: [{ what: "asked" }, { what: "revoked", event: { by: "0-op" } }],
    });
  });

  test("as it was told to, and was silent", () => {
    const partition = new Partition().given(acquire("a", EVERY_3_S), revoke("a", { by: "0-op" }));
    partition.at(1_500).tick();
    partition.at(3_000).tick();
    expect(causes("a", partition).what).toMatchObject([{ what: "silence" }, { what: "revoked" }]);
  });

  test("after a pause that is over, which is no cause any more", () => {
    const partition = new Partition().given(acquire("a"));
    partition.lead({ type: "restart", pauseMs: 9_000 });
    partition.at(9_000).given(acquire("b", { noWait: true }));
    expect(causes("b", partition).what).toMatchObject([{ what: "full" }]);
  });

  test("as its session left: its slot, and its place", () => {
    const partition = new Partition().given(acquire("a"), acquire("b"), leave());
    for (const id of ["a", "b"]) {
      expect(causes(id, partition).what).toEqual([{ what: "left", session: "0-s" }]);
    }
    expect(causes("b", partition).said).toContain("Its session 0-s left.");
  });

  test("by its ttl", () => {
    const partition = new Partition().given(acquire("a", { ttlMs: 2_000 }));
    partition.at(2_000).tick();
    expect(causes("a", partition)).toMatchObject({
      said: ["It had held its slot for 2.0 s.", "It held longer than its ttl (2.0 s)."],
      what: [{ what: "ttl", ttlMs: 2_000 }],
    });
  });

  test("by the silence of its session, which was heard last then", () => {
    const partition = new Partition().given(acquire("a", EVERY_3_S), acquire("b", EVERY_3_S));
    partition.at(1_000).given(heartbeat());
    partition.at(2_500).tick();
    partition.at(4_000).tick();
    expect(causes("a", partition)).toMatchObject({
      what: [{ what: "silence", session: "0-s", intervalMs: 3_000, heard: { seq: 4, at: 1_000 } }],
    });
    expect(causes("b", partition)).toMatchObject({
      first: 'b on "api" was abandoned (lost) 0 ms ago (event 7).',
      said: [
        "It had waited for 4.0 s.",
        'Its session 0-s was not heard for too long (3.0 s): the last was "heartbeat by 0-s#3", 3.0 s before (event 4).',
      ],
    });
  });

  test("by force", () => {
    const partition = new Partition().given(acquire("a"), revoke("a", { force: true, by: "0-op" }));
    expect(causes("a", partition)).toMatchObject({
      first: 'a on "api" was expired (revoked) 0 ms ago (event 3).',
      what: [{ what: "asked", by: "0-op", own: false }],
    });
  });

  test("by somebody who got the slot later, as he says after a loss of data", () => {
    const partition = new Partition();
    partition.lead({ type: "restart", pauseMs: 9_000 });
    partition.given(
      reassert("a", { slot: 0, token: 7_000 }),
      reassert("b", { slot: 0, token: 8_000, by: "0-t" }),
    );
    expect(causes("a", partition)).toMatchObject({
      said: [
        expect.anything(),
        "After a loss of data, b of session 0-t said that it got the slot later.",
      ],
      what: [{ what: "superseded", by: { acquisition: "b", session: "0-t" } }],
    });
  });

  test("as it waited too long, by its own clock or by log time, and who held the slots then", () => {
    const partition = new Partition().given(
      acquire("x", { on: "blob" }),
      ...[acquire("z", { value: 2 }), release("z"), acquire("a", { value: 2 })],
    );
    partition
      .at(1_000)
      .given(
        acquire("b", { value: 2, by: "0-t" }),
        acquire("c", { value: 2, maxAcquireTimeMs: 2_000 }),
        acquire("d", { value: 2, maxAcquireTimeMs: 2_000 }),
      );
    partition.at(2_990).given(cancel("d", { reason: "timeout" }));
    partition.at(3_000).tick();
    partition.given(release("a"), release("b"));
    expect(causes("c", partition)).toMatchObject({
      said: [
        ...["It had waited for 2.0 s.", "It waited longer than it may (2.0 s)."],
        ...["2 of 2 slots were held.", "  held by: slot 0: a, for 3.0 s"],
        "  held by: slot 1: b, for 2.0 s",
      ],
      what: [
        { what: "timeout", limitMs: 2_000, noticedBy: "log" },
        { what: "full", held: 2, slots: 2, holders: [{ id: "a" }, { id: "b", grantedAt: 1_000 }] },
      ],
    });
    expect(causes("d", partition)).toMatchObject({
      said: expect.arrayContaining([
        "It waited longer than it may (2.0 s) by the clock of its process.",
      ]),
      what: [{ what: "timeout", noticedBy: "session" }, { what: "full" }],
    });
  });

  test("as it was turned away: busy, a full queue, another value, or a pause", () => {
    const partition = new Partition().given(
      ...[acquire("a"), acquire("b"), acquire("c", { noWait: true })],
      ...[acquire("d", { maxQueueSize: 1 }), acquire("e", { value: 4 })],
    );
    partition.lead({ type: "restart", pauseMs: 9_000 });
    partition.given(acquire("f", { noWait: true, on: "blob" }));
    expect(causes("c", partition).what).toMatchObject([{ what: "full", holders: [{ id: "a" }] }]);
    expect(causes("d", partition)).toMatchObject({
      said: [
        "1 waited already, and no more may by its maxQueueSize.",
        ...["1 of 1 slots were held.", "  held by: slot 0: a, for 0 ms"],
      ],
      what: [{ what: "queue-full", queued: 1 }, { what: "full" }],
    });
    expect(causes("e", partition)).toMatchObject({
      said: ["The semaphore was in use with value 1."],
      what: [{ what: "value-mismatch", declared: 1 }],
    });
    expect(causes("f", partition)).toMatchObject({
      said: ["Grants paused for another 9.0 s: the data may have lost its last moments."],
      what: [{ what: "paused", until: 9_000 }],
    });
  });

  test("as it was cancelled, by somebody or by a release of what only waited", () => {
    const partition = new Partition().given(acquire("a"), acquire("b"), acquire("c"));
    partition.given(cancel("b", { by: "0-op" }), cancel("a"));
    expect(causes("b", partition).what).toEqual([{ what: "asked", by: "0-op", own: false }]);
    expect(causes("a", partition).first).toBe(
      'a on "api" was released (cancelled) 0 ms ago (event 6).',
    );
  });

  test("of which only the end is known", () => {
    const partition = new Partition().given(acquire("a", { ttlMs: 500 }), acquire("b"));
    partition.at(500).tick();
    const events = partition.events.filter(({ type }) => type === "expired");
    expect(describeExplanation(why(partition.state, 500, "a", events))).toEqual([
      'a on "api" was expired (ttl) 0 ms ago (event 4).',
      "It held longer than its ttl.",
    ]);
  });
});

describe("one that is not known", () => {
  test("is said to be so, with how far one has looked", () => {
    const partition = new Partition().given(acquire("a"));
    expect(explain("z", partition)).toEqual({ kind: "unknown", id: "z", at: 0, keptFrom: 1 });
    expect(lines("z", partition)).toEqual([
      "Nothing is known of z from event 1 on, which is how far it is kept.",
    ]);
    expect(lines("z", new Partition())).toEqual(["Nothing is known of z."]);
  });

  test("at a moment before it was asked for", () => {
    const early = new Partition().given(acquire("a"));
    const late = new Partition().given(acquire("a"), acquire("b", { noWait: true }));
    expect(why(early.state, 0, "b", late.events)).toMatchObject({ kind: "unknown" });
    expect(why(late.state, 0, "b", late.events)).toMatchObject({ kind: "ended" });
  });
});
