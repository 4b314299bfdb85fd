/** What is written once is written the same way again; what an entry holds is bounded. */

import { expect, test } from "vitest";
import type { SessionCommand } from "../../src/core/command.js";
import { Outbox, type Written } from "../../src/session/outbox.js";

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
    outbox.store(next, `${sizes.length}-0`);
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
    if (next) outbox.store(next, `${number}-0`);
    return next;
  });
  outbox.add(release(4));
  outbox.found(["1-0", "3-0"]);
  expect(outbox.isBehind).toBe(true);
  expect(outbox.next(99, 99)).toBe(entries[1]);
  expect(entries[1]?.entry.seen).toBe(2);
  for (const entry of entries.slice(1)) {
    expect(outbox.next(99, 99)).toBe(entry);
    if (entry) outbox.store(entry, `${entry.last}-1`);
  }
  outbox.found(["1-0", "2-1", "3-1"]);
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

test("while 256 entries wait to be decided, no other is written; what is asked meanwhile is kept", () => {
  const outbox = outboxOf(300, "a".repeat(40_000));
  expect(written(outbox).length).toBe(256);
  expect(outbox.ids().length).toBe(256);
  expect(outbox.isBehind).toBe(true);
  outbox.confirm(2);
  expect(outbox.next(0, 0)?.entry.number).toBe(257);
  expect(outbox.unanswered().map(({ number }) => number)).toEqual(
    Array.from({ length: 298 }, (_, index) => index + 3),
  );
});

test("what stands nowhere in the log any more is not asked about again", () => {
  const outbox = outboxOf(1);
  for (let written = 1; written <= 10; written++) {
    const next = outbox.next(0, 0);
    if (next) outbox.store(next, `${written}-0`);
    expect(outbox.ids()).toEqual([`${written}-0`]);
    outbox.found([]);
    expect(outbox.ids()).toEqual([]);
  }
});

test("an answer that comes before the reply to the writing leaves nothing to be written", () => {
  const outbox = outboxOf(2, "a".repeat(40_000));
  const first = outbox.next(0, 0);
  outbox.confirm(1);
  if (first) outbox.store(first, "1-0");
  expect(outbox.next(0, 0)?.entry.number).toBe(2);
});

test("a backlog of 100,000 commands is written and confirmed in linear time", () => {
  const outbox = outboxOf(100_000);
  let looks = 0;
  let entries = 0;
  let confirmed = 0;
  while (confirmed < 100_000) {
    for (let next = outbox.next(0, 0); next; next = outbox.next(0, 0)) {
      outbox.store(next, `${++entries}-0`);
      counted(next, () => looks++);
    }
    confirmed = outbox.oldest?.last ?? 100_000;
    outbox.heardBy(confirmed);
    // As each of its answers does, and the message that brings them.
    for (let number = confirmed - 255; number <= confirmed; number++) outbox.confirm(number);
    outbox.confirm(confirmed);
  }
  expect(entries).toBe(391);
  expect(outbox.unanswered()).toEqual([]);
  // An answer looks at the oldest entry, and the last of an entry at the next one as well.
  expect(looks).toBeLessThan(100_000 + 10 * entries);
});

/** Calls back at each look at the entry. */
function counted(written: Written, look: () => void): void {
  for (const [key, value] of Object.entries(written)) {
    Object.defineProperty(written, key, {
      get: () => {
        look();
        return value;
      },
    });
  }
}
