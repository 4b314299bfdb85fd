/** The simulated Redis says what the real one would. */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError } from "../../src/errors.js";
import { outgoing } from "../support/kept.js";
import { Bench, commitOf, won } from "./support.js";

const ENTRY = { session: "0-s", number: 1, seen: 0, commands: "[]" };
const MESSAGE = { id: "1-1", after: "0-0", applied: 1, events: [] };

describe("the lease", () => {
  test("belongs to one candidate at a time, until it ends", async () => {
    const bench = new Bench();
    const [a, b] = [await bench.process("a"), await bench.process("b")];
    const first = await bench.outcome(a.lease.claim("a1"));
    expect(first.won).toBe(true);
    await bench.pass(1000);
    expect(await bench.outcome(b.lease.claim("b1"))).toMatchObject({ won: true });
    expect(await bench.outcome(a.lease.claim("a2"))).toMatchObject({ won: false });
  });

  test("is found again by a candidate that lost the reply", async () => {
    const bench = new Bench();
    const a = await bench.process("a");
    const claims = [a.lease.claim("a1"), a.lease.claim("a1")];
    await bench.pass(10);
    const [first, again] = await Promise.all(claims.map(won));
    expect(again?.epoch).toBe(first?.epoch);
  });

  test("is not prolonged by a clock that is set back", async () => {
    const bench = new Bench();
    const [a, b] = [await bench.process("a"), await bench.process("b")];
    await bench.outcome(a.lease.claim("a1"));
    bench.redis.shiftClock(-3_600_000);
    await bench.outcome(b.lease.claim("b1"));
    await bench.pass(1000);
    expect(await bench.outcome(b.lease.claim("b1"))).toMatchObject({ won: true });
  });

  test("ends with the life of the server", async () => {
    const bench = new Bench();
    const a = await bench.process("a");
    const term = await bench.outcome(won(a.lease.claim("a1")));
    bench.redis.stop();
    bench.redis.start();
    await bench.pass(1000);
    expect(await bench.outcome(a.lease.renew(term))).toBeUndefined();
    expect(await bench.outcome(a.store.commit(term, commitOf()))).toBe("epoch");
  });
});

describe("a commit", () => {
  test("is done once, and its repeat is done as well", async () => {
    const bench = new Bench();
    const a = await bench.process("a");
    const term = await bench.outcome(won(a.lease.claim("a1")));
    expect(await bench.outcome(a.store.commit(term, commitOf()))).toBe("done");
    expect(await bench.outcome(a.store.commit(term, commitOf()))).toBe("done");
    expect(bench.redis.data.history).toHaveLength(1);
  });

  test("of an older term is refused", async () => {
    const bench = new Bench();
    const [a, b] = [await bench.process("a"), await bench.process("b")];
    const old = await bench.outcome(won(a.lease.claim("a1")));
    await bench.pass(1000);
    await bench.outcome(b.lease.claim("b1"));
    expect(await bench.outcome(a.store.commit(old, commitOf()))).toBe("epoch");
  });

  test("that does not follow the last one is refused", async () => {
    const bench = new Bench();
    const a = await bench.process("a");
    const term = await bench.outcome(won(a.lease.claim("a1")));
    for (const wrong of [{ number: 2 }, { from: "1-0" }]) {
      expect(await bench.outcome(a.store.commit(term, commitOf(wrong)))).toBe("cursor");
    }
  });

  test("deletes what it decided, and tells who listens", async () => {
    const bench = new Bench();
    const [a, s] = [await bench.process("a"), await bench.process("s")];
    await bench.outcome(s.uplink.subscribe("0-s"));
    const to = await bench.outcome(s.uplink.append(ENTRY));
    const later = await bench.outcome(s.uplink.append(ENTRY));
    const term = await bench.outcome(won(a.lease.claim("a1")));
    const messages = new Map([["0-s", outgoing(JSON.stringify(MESSAGE))]]);
    await bench.outcome(a.store.commit(term, commitOf({ to, messages })));
    expect(s.heard).toContain(`0-s: ${JSON.stringify(MESSAGE)}`);
    const { pending } = await bench.outcome(s.uplink.report("0-s", [to, later]));
    expect(pending).toEqual([later]);
  });
});

describe("a read", () => {
  test("waits for an entry", async () => {
    const bench = new Bench();
    const [a, s] = [await bench.process("a"), await bench.process("s")];
    const read = a.store.read("0-0", 5000);
    await bench.pass(500);
    const id = await bench.outcome(s.uplink.append(ENTRY));
    expect(await read).toEqual([{ id, entry: ENTRY }]);
  });

  test("ends when it is interrupted", async () => {
    const bench = new Bench();
    const a = await bench.process("a");
    const read = a.store.read("0-0", 5000);
    a.store.interrupt();
    expect(await read).toEqual([]);
  });
});

describe("what is under way when a connection ends", () => {
  test("rejects, and may have happened or not", async () => {
    const happened = new Set<boolean>();
    const bench = new Bench();
    const s = await bench.process("s");
    for (let round = 0; round < 20; round++) {
      const before = bench.redis.data.commands.size;
      const written = s.uplink.append(ENTRY);
      s.client.cut("for the test");
      await expect(bench.outcome(written)).rejects.toThrow(BackendUnavailableError);
      await bench.pass(4000);
      happened.add(bench.redis.data.commands.size > before);
    }
    expect(happened).toEqual(new Set([true, false]));
    expect(s.heard.slice(0, 3)).toEqual(["up", "down", "up"]);
  });

  test("is lost when the server stops, with what its disk did not have", async () => {
    const bench = new Bench();
    const s = await bench.process("s");
    const copy = bench.redis.copy();
    await bench.outcome(s.uplink.append(ENTRY));
    bench.redis.stop();
    await expect(bench.outcome(s.uplink.append(ENTRY))).rejects.toThrow(BackendUnavailableError);
    bench.redis.start(copy);
    await bench.pass(1000);
    expect(bench.redis.data.commands.size).toBe(0);
  });
});
