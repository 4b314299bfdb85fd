/** What is written once is written the same way again; what an entry holds is bounded. */

import { expect, test } from "vitest";
import type { SessionCommand } from "../../src/core/command.js";
import { Outbox } from "../../src/session/outbox.js";

const release = (number: number, acquisition = "a"): SessionCommand => ({
  type: "release",
  session: "1-s",
  number,
  acquisition,
});

function outboxOf(count: number, acquisition?: string): Outbox {
  const outbox = new Outbox("1-s");
  for (let number = 1; number <= count; number++) outbox.add(release(number, acquisition));
  return outbox;
}

/** Writes all that is to be written; how many commands each entry had. */
function written(outbox: Outbox): number[] {
  const sizes: number[] = [];
  for (let next = outbox.next(0, 0); next; next = outbox.next(0, 0)) {
    sizes.push(next.commands.length);
    next.ids.push(`${sizes.length}-0`);
    next.missing = false;
  }
  return sizes;
}

test("an empty outbox has nothing to write", () => {
  const outbox = new Outbox("1-s");
  expect(outbox.next(0, 0)).toBeUndefined();
  expect(outbox.isFresh).toBe(true);
  expect(outbox.isBehind).toBe(false);
});

test("an entry names session and number once", () => {
  expect(outboxOf(2).next(7, 0)?.entry).toEqual({
    session: "1-s",
    number: 1,
    seen: 7,
    commands: '[{"type":"release","acquisition":"a"},{"type":"release","acquisition":"a"}]',
  });
});

test("an entry has at most 256 commands, and some 32 KiB", () => {
  expect(written(outboxOf(600))).toEqual([256, 256, 88]);
  expect(written(outboxOf(3, "a".repeat(15_000)))).toEqual([2, 1]);
  expect(written(outboxOf(3, "a".repeat(40_000)))).toEqual([1, 1, 1]);
});

test("what is missing is written again before anything new, unchanged, and what follows it as well", () => {
  const outbox = new Outbox("1-s");
  const entries = [1, 2, 3].map((number) => {
    outbox.add(release(number));
    const next = outbox.next(number, number);
    if (next) {
      next.ids.push(`${number}-0`);
      next.missing = false;
    }
    return next;
  });
  outbox.add(release(4));
  outbox.found(["1-0", "3-0"]);
  expect(outbox.isBehind).toBe(true);
  expect(outbox.next(99, 99)).toBe(entries[1]);
  expect(entries[1]?.entry.seen).toBe(2);
  outbox.found(["1-0", "2-0", "3-0"]);
  expect(outbox.next(99, 99)?.entry).toMatchObject({ number: 4, seen: 99 });
});

test("what is applied is forgotten, and tells when the session was heard", () => {
  const outbox = new Outbox("1-s");
  outbox.add(release(1));
  outbox.add(release(2));
  outbox.next(0, 10);
  outbox.add(release(3));
  expect(outbox.heardBy(1)).toBeUndefined();
  expect(outbox.heardBy(2)).toBe(10);
  outbox.confirm(1);
  expect(outbox.unanswered().map(({ number }) => number)).toEqual([2, 3]);
  outbox.confirm(2);
  outbox.confirm(1);
  expect(outbox.unanswered().map(({ number }) => number)).toEqual([3]);
  expect(outbox.oldest).toBeUndefined();
  expect(outbox.isFresh).toBe(false);
});
