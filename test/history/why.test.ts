/** Why an acquisition holds or has ended: what is known of it, and how it reads. */

import { describe, expect, test } from "vitest";
import { describeExplanation } from "../../src/history/describe-explanation.js";
import { why } from "../../src/history/why.js";
import {
  acquire,
  cancel,
  heartbeat,
  leave,
  reassert,
  release,
  revoke,
} from "../support/commands.js";
import { Partition } from "../support/partition.js";

const explain = (id: string, { state, events, now }: Partition) => why(state, now, id, events);
const lines = (id: string, partition: Partition) => describeExplanation(explain(id, partition));

const EVERY_3_S = { heartbeatMaxIntervalMs: 3_000 };

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
        ...{ expiresAt: 60_000, heardAt: 1_000, silentAt: 4_000, overdue: true, revoked: true },
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
