/** Why an acquisition waits, and when it has a slot: what is known of it, and how it reads. */

import { describe, expect, test } from "vitest";
import { fold } from "../../src/core/step.js";
import { describeExplanation } from "../../src/history/describe-explanation.js";
import { why } from "../../src/history/why.js";
import { acquire, heartbeat, release, resize } from "../support/commands.js";
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
          ...{ expiresAt: 61_000, heardAt: 1_000, silentAt: 4_000, overdue: true, revoked: false },
        },
        {
          ...{ id: "b", session: "0-t", slotNumber: 1, grantedAt: 1_000, heldMs: 1_500 },
          ...{ expiresAt: undefined, heardAt: 2_000, silentAt: undefined },
          ...{ overdue: false, revoked: false },
        },
      ],
      pausedUntil: undefined,
      givesUpAt: 92_000,
      silentAt: 5_000,
      next: { what: "release", count: 1, atLatest: 61_000, likelyAt: 4_000 },
      // c may get the slot of a just before it would give up, and has no limit then.
      grantedAtLatest: undefined,
      grantedLikelyAt: undefined,
    });
  });

  test("and reads so", () => {
    expect(lines("d", queue())).toEqual([
      'd waits for a slot of "api", as number 2 in the queue, for 500 ms.',
      "  ahead of it: c, for 500 ms",
      '"api" has 2 slots, and 2 are held.',
      "  held by: slot 0: a, for 1.5 s, until its ttl ends in 58.5 s, free in 1.5 s unless its session is heard",
      "  held by: slot 1: b, for 1.5 s",
      "Next: one holder must let go, in 58.5 s at the latest. Likely in 1.5 s: the holder of slot 0 has fallen silent.",
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

  describe("behind holders that must be heard", () => {
    const terms = { value: 2, ...EVERY_3_S };
    const holders = () =>
      new Partition().given(
        acquire("a", { ...terms, ttlMs: 60_000 }),
        acquire("b", { ...terms, by: "0-t" }),
        acquire("c", { ...terms, by: "0-u", ttlMs: 500 }),
        acquire("d", { ...terms, by: "0-u" }),
      );

    test("counts on nothing while all of them are, three times within the interval", () => {
      const partition = holders().at(1_000);
      partition.given(...["0-s", "0-t", "0-u"].map((by) => heartbeat({ by }))).at(2_000);
      expect(explain("c", partition)).toMatchObject({
        next: { atLatest: 60_000, likelyAt: undefined },
        grantedAtLatest: 60_000,
        grantedLikelyAt: undefined,
      });
    });

    test("has a likely time, beside the latest, once one has missed its turn", () => {
      const partition = holders().at(1_500);
      partition.given(heartbeat({ by: "0-s" }), heartbeat({ by: "0-u" })).at(2_000);
      expect(explain("c", partition)).toMatchObject({
        next: { atLatest: 60_000, likelyAt: 3_000 },
        holders: [{ overdue: false }, { overdue: true }],
        ...{ grantedAtLatest: 60_000, grantedLikelyAt: 3_000 },
      });
      expect(explain("d", partition)).toMatchObject({ grantedLikelyAt: 3_500 });
      expect(lines("d", partition)).toEqual(
        expect.arrayContaining([
          "Next: one holder must let go, in 58.0 s at the latest. Likely in 1.0 s: the holder of slot 1 has fallen silent.",
          "It has a slot in 58.5 s at the latest, unless somebody intervenes. Likely in 1.5 s.",
        ]),
      );
      // And so it is, if nothing more is heard of that one.
      partition.at(2_900).given(heartbeat({ by: "0-s" }), heartbeat({ by: "0-u" }));
      partition.at(3_000).tick();
      partition.at(3_500).tick();
      const granted = partition.events.filter(({ type }) => type === "granted");
      expect(granted.slice(2)).toMatchObject([
        { acquisition: "c", at: 3_000 },
        { acquisition: "d", at: 3_500 },
      ]);
    });

    test("counts those that are silent", () => {
      const partition = holders()
        .at(2_000)
        .given(heartbeat({ by: "0-u" }));
      expect(lines("c", partition)).toContain(
        "Next: one holder must let go, in 58.0 s at the latest. Likely in 1.0 s: 2 holders have fallen silent.",
      );
    });
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
