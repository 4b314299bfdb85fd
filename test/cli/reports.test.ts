/** What the commands find out about a fleet, and change, and how they say it. */

import { describe, expect, test } from "vitest";
import { holders } from "../../src/cli/holders.js";
import { resize } from "../../src/cli/resize.js";
import { revoke } from "../../src/cli/revoke.js";
import { statsInUse, statsOf } from "../../src/cli/stats.js";
import { waiters } from "../../src/cli/waiters.js";
import type { Acquisition, Holder } from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";

/** Its holders are told to give back what they hold, and don't. */
class Stubborn extends TestCoordinator {
  override async holders(semaphore: string): Promise<Holder[]> {
    return (await super.holders(semaphore)).map((holder) => ({ ...holder, revoked: true }));
  }
}

const START = Date.UTC(2026, 0, 31);
const given = () => new TestCoordinator({ startAt: START });
const linesOf = ({ text }: { text: string }) => text.trimEnd().split("\n");

/** Both slots of "deploy" are held, and one waits; 12.3 s ago. */
async function busy() {
  const coordinator = given();
  const semaphore = coordinator.semaphore({ name: "deploy", value: 2 });
  const first = await semaphore.acquire({ metadata: { host: "web-1", why: "a new release" } });
  const second = await semaphore.acquire({ ttlMs: 15_300 });
  const waiting = semaphore.acquire({ maxAcquireTimeMs: 60_000, metadata: { host: "web-2" } });
  waiting.catch(() => {});
  coordinator.clock.advance(12_300);
  return { coordinator, semaphore, first, second, waiting, now: START + 12_300 };
}

describe("stats", () => {
  test("of those in use, the fullest first", async () => {
    const { coordinator } = await busy();
    await coordinator.semaphore({ name: "api", value: 3 }).acquire();
    const report = await statsInUse(coordinator, 100);
    expect(linesOf(report)).toEqual([
      "NAME    HELD  SLOTS   FULL  WAITING",
      "deploy     2      2  100 %        1",
      "api        1      3   33 %        0",
    ]);
    expect(report).toMatchObject({ note: undefined });
    expect(report.missing).toBeUndefined();
  });

  test("for programs, with the names of the library", async () => {
    const { coordinator } = await busy();
    expect((await statsInUse(coordinator, 100)).json).toEqual([
      { name: "deploy", acquiredSlots: 2, maxSlots: 2, acquiredPercent: 100, queued: 1 },
    ]);
  });

  test("of none", async () => {
    expect(await statsInUse(given(), 100)).toEqual({
      json: [],
      text: "",
      note: "no semaphore is in use.",
    });
  });

  test("of some, when there are more", async () => {
    const { coordinator } = await busy();
    await coordinator.semaphore({ name: "api", value: 3 }).acquire();
    const report = await statsInUse(coordinator, 1);
    expect(report.json).toHaveLength(1);
    expect(report.note).toBe("there are more. Raise --limit (1), or name some.");
    expect((await statsInUse(coordinator, 2)).note).toBeUndefined();
  });

  test("of those named, idle ones as well; and which are not in use", async () => {
    const { coordinator } = await busy();
    await (await coordinator.semaphore({ name: "idle", value: 4 }).acquire()).release();
    const report = await statsOf(coordinator, ["idle", "dploy", "deploy", 'a"b', "dploy"]);
    expect(linesOf(report).slice(1)).toEqual([
      "deploy     2      2  100 %        1",
      "idle       0      4    0 %        0",
    ]);
    expect(report.missing).toBe('not in use: "dploy", "a\\"b".');
  });

  test("of a hundred and more that are named", async () => {
    const coordinator = given();
    const names = Array.from({ length: 120 }, (_, index) => `s${index}`);
    for (const name of names) await coordinator.semaphore({ name, value: 1 }).acquire();
    expect((await statsOf(coordinator, names)).json).toHaveLength(120);
  });
});

describe("holders", () => {
  test("in order of the grants, with times as people tell them", async () => {
    const { coordinator, first, second, now } = await busy();
    const token = String(first.fencingToken);
    expect(linesOf(await holders(coordinator, "deploy", now))).toEqual([
      `SLOT  GRANTED     EXPIRES   ${"TOKEN".padStart(token.length)}  ID       METADATA`,
      `   0  12.3 s ago  -         ${token}  ${first.id}  host=web-1 why="a new release"`,
      `   1  12.3 s ago  in 3.0 s  ${second.fencingToken}  ${second.id}`,
    ]);
  });

  test("for programs, as the library has them", async () => {
    const { coordinator, now } = await busy();
    const { json } = await holders(coordinator, "deploy", now);
    expect(json).toEqual(await coordinator.holders("deploy"));
  });

  test("that have not let go of what was revoked", async () => {
    const coordinator = new Stubborn({ startAt: START });
    await coordinator.semaphore({ name: "deploy", value: 1, ttlMs: 1_000 }).acquire();
    expect(linesOf(await holders(coordinator, "deploy", START))[1]).toMatch(/now +revoked /);
  });

  test("whose times our own clock puts elsewhere are told as of now", async () => {
    const { coordinator } = await busy();
    const [, , late] = linesOf(await holders(coordinator, "deploy", START + 3_600_000));
    expect(late).toMatch(/ {2}1 h 0 min ago +now /);
    const [, early] = linesOf(await holders(coordinator, "deploy", START - 3_600_000));
    expect(early).toMatch(/ {2}now /);
  });

  test("of a semaphore that has none now", async () => {
    const { coordinator, first, second, waiting, now } = await busy();
    for (const slot of [first, second, await release(waiting, first)]) await slot.release();
    expect(await holders(coordinator, "deploy", now)).toEqual({
      json: [],
      text: "",
      note: 'nobody holds a slot of "deploy".',
    });
  });

  test("of one that is not in use", async () => {
    expect(await holders(given(), "dploy", START)).toEqual({
      json: [],
      text: "",
      missing: '"dploy" is not in use. slotstream stats shows what is.',
    });
  });
});

describe("waiters", () => {
  test("in order of the queue, with times as people tell them", async () => {
    const { coordinator, semaphore, now } = await busy();
    semaphore.acquire().catch(() => {});
    const [third, fourth] = await coordinator.waiters("deploy");
    expect(linesOf(await waiters(coordinator, "deploy", now))).toEqual([
      "POSITION  QUEUED      GIVES UP   ID       METADATA",
      `       1  12.3 s ago  in 47.7 s  ${third?.id}  host=web-2`,
      `       2  now         -          ${fourth?.id}`,
    ]);
  });

  test("for programs, as the library has them", async () => {
    const { coordinator, now } = await busy();
    const { json } = await waiters(coordinator, "deploy", now);
    expect(json).toEqual(await coordinator.waiters("deploy"));
  });

  test("of a semaphore that has none, and of one that is not in use", async () => {
    const coordinator = given();
    await coordinator.semaphore({ name: "api", value: 1 }).acquire();
    expect((await waiters(coordinator, "api", START)).note).toBe(
      'nobody waits for a slot of "api".',
    );
    expect((await waiters(coordinator, "apy", START)).missing).toMatch(/^"apy" is not in use\./);
  });
});

describe("revoke", () => {
  test("tells the holder", async () => {
    const { coordinator, first } = await busy();
    expect(await revoke(coordinator, first.id, {})).toEqual({
      json: { id: first.id, force: false, revoked: true },
      text: "revoked: its holder was told to give the slot back, or its place in the queue given up.\n",
    });
    expect(first.signal.aborted).toBe(true);
  });

  test("by force frees the slot", async () => {
    const { coordinator, first } = await busy();
    const { text } = await revoke(coordinator, first.id, { force: true });
    expect(text).toBe("revoked: its slot is free, or its place in the queue given up.\n");
    expect(first.state).toBe("expired");
  });

  test.each([
    [
      false,
      'nothing to revoke: "a-1" neither holds nor waits, or was told already. --force takes the slot at once.',
    ],
    [true, 'nothing to revoke: "a-1" neither holds nor waits.'],
  ])("finds nothing (force: %s)", async (force, missing) => {
    expect(await revoke(given(), "a-1", { force })).toEqual({
      json: { id: "a-1", force, revoked: false },
      text: "",
      missing,
    });
  });
});

test("whoever revokes or resizes can be named in the history", async () => {
  const { coordinator, first } = await busy();
  await revoke(coordinator, first.id, { operator: "alice" });
  await resize(coordinator, "deploy", 5, "bob");
  const told = [];
  for await (const event of coordinator.history({ types: ["revoked", "resized"] }))
    told.push(event);
  expect(told).toMatchObject([{ operator: "alice" }, { operator: "bob" }]);
});

describe("resize", () => {
  test.each([
    [5, '"deploy" has 5 slots now.\n'],
    [1, '"deploy" has 1 slot now.\n'],
    [0, '"deploy" has no slots (it is paused) now.\n'],
  ])("to %d", async (value, text) => {
    const { coordinator } = await busy();
    const json = { name: "deploy", value, resized: true };
    expect(await resize(coordinator, "deploy", value)).toEqual({ json, text });
    expect((await coordinator.stats()).get("deploy")).toMatchObject({ maxSlots: value });
  });

  test("to what it is already", async () => {
    const { coordinator } = await busy();
    expect(await resize(coordinator, "deploy", 2)).toEqual({
      json: { name: "deploy", value: 2, resized: false },
      text: '"deploy" has 2 slots already.\n',
    });
  });

  test("of what is not in use", async () => {
    expect(await resize(given(), "dploy", 2)).toEqual({
      json: { name: "dploy", value: 2, resized: false },
      text: "",
      missing: '"dploy" is not in use. slotstream stats shows what is.',
    });
  });
});

/** The slot that somebody waits for, once another one is given back. */
async function release(waiting: Promise<Acquisition>, other: Acquisition): Promise<Acquisition> {
  await other.release();
  return waiting;
}
