/**
 * The data comes back as it was some moments ago, under sessions that went on (trap 29). They assert what they hold,
 * and end what their former selves left behind, in any order; after that the data is right again.
 */

import fc from "fast-check";
import { expect, test } from "vitest";
import { assertDefined } from "../../src/core/assert.js";
import { type Holder, holdersOf } from "../../src/core/views.js";
import { type Ask, acquire, leave, reassert } from "../support/commands.js";
import { type Move, PATIENT, Player, walk } from "../support/moves.js";
import { Partition } from "../support/partition.js";

const PAUSE_MS = 20_000;

/** What came back, where the pause begins, and what was true. */
function rewind(moves: readonly Move[], until: number): { back: Partition; truth: Partition } {
  const truth = new Player(new Partition()).play(moves).partition;
  const back = new Player(new Partition()).play(moves.slice(0, until)).partition;
  back.at(truth.now).lead({ type: "restart", pauseMs: PAUSE_MS });
  return { back, truth };
}

/** The name under which a session goes on. */
function renamed(session: string, { now }: Partition): string {
  return `${now}-after-${session}`;
}

/** What sessions say that find out. */
function wordsOf({ back, truth }: { back: Partition; truth: Partition }): Ask[] {
  const held = [...truth.state.semaphores.values()].flatMap(({ name, declared }) =>
    holdersOf(truth.state, name).map((holder) => {
      const { terms } = assertDefined(truth.state.acquisitions.get(holder.id), holder.id);
      return reassert(holder.id, {
        ...{ on: name, value: declared, slot: holder.slotNumber, token: holder.fencingToken },
        ...{ queuedAt: holder.queuedAt, grantedAt: holder.grantedAt, ...terms },
        ...(holder.expiresAt !== undefined && { ttlLeftMs: holder.expiresAt - truth.now }),
        by: renamed(holder.session, truth),
      });
    }),
  );
  const left = [...back.state.sessions.values()].map(({ id }) =>
    leave({ by: renamed(id, truth), former: id }),
  );
  return [...held, ...left];
}

function shuffled<T>(items: readonly T[], keys: readonly number[]): T[] {
  return items
    .map((item, index) => ({ item, key: keys[index % keys.length] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** By semaphore; but for what was asked of holders in the lost moments. */
function heldIn({ state }: Partition, rename = (session: string) => session) {
  const held = [...state.semaphores.values()].map(
    ({ name }): [string, Omit<Holder, "revoked">[]] => [
      name,
      holdersOf(state, name).map(({ revoked, session, ...holder }) => ({
        ...holder,
        session: rename(session),
      })),
    ],
  );
  return new Map(held.filter(([, holders]) => holders.length > 0));
}

test("what is held is held again, and what was left behind is gone", PATIENT, () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(
      walk,
      fc.nat({ max: 99 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
      (moves, until, keys) => {
        const { back, truth } = rewind(moves, until);
        for (const word of shuffled(wordsOf({ back, truth }), keys)) {
          for (const event of back.ask(word)) {
            met.add(`${event.type} ${"reason" in event ? event.reason : ""}`.trim());
            if (event.type === "reasserted") met.add(event.from ? "was known" : "was forgotten");
          }
        }
        expect(heldIn(back)).toEqual(heldIn(truth, (session) => renamed(session, truth)));
        expect(back.state.waiting).toBe(0);
        back.checkFolds();
      },
    ),
    { numRuns: 150 },
  );
  expect([...met]).toEqual(
    expect.arrayContaining([
      ...["reasserted", "was known", "was forgotten", "expired superseded"],
      ...["left", "released left", "abandoned cancelled"],
    ]),
  );
});

// That its slot is free is for the witness to say.
test("what is granted after the pause has a later token than any that was lost", PATIENT, () => {
  let granted = 0;
  fc.assert(
    fc.property(walk, fc.nat({ max: 99 }), (moves, until) => {
      const { back, truth } = rewind(moves, until);
      for (const word of wordsOf({ back, truth })) back.ask(word);
      for (const on of ["api", "blob", "cron"]) {
        const terms = { value: 4, onValueMismatch: "adopt" } as const;
        back.ask(acquire(`new-${on}`, { on, ...terms, by: `${truth.now}-new` }));
      }
      const told = back.events.length;
      back.after(PAUSE_MS).tick();
      for (const event of back.events.slice(told)) {
        if (event.type !== "granted") continue;
        granted++;
        expect(event.token).toBeGreaterThan(truth.state.token);
      }
    }),
    { numRuns: 50 },
  );
  expect(granted).toBeGreaterThan(50);
});
