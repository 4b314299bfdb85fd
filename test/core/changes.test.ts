/** A copy of the state that is written only where events say so is the state, byte for byte. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { Changes } from "../../src/core/changes.js";
import type { Event } from "../../src/core/event.js";
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
import { PATIENT, Player, walk } from "../support/moves.js";
import { bytesOf, Partition } from "../support/partition.js";
import { RecordStore } from "../support/record-store.js";

/** What the events of one more command change. */
function changesOf(partition: Partition, act: (partition: Partition) => void): Changes {
  const told = partition.events.length;
  act(partition);
  return noted(partition, partition.events.slice(told));
}

function noted({ state }: Partition, events: readonly Event[]): Changes {
  const changes = new Changes();
  for (const event of events) changes.note(state, event);
  return changes;
}

function plain({ semaphores, acquisitions, sessions }: Changes) {
  const ids = [...acquisitions].map(([semaphore, noted]) => [semaphore, ...noted]);
  return { semaphores: [...semaphores], acquisitions: ids, sessions: [...sessions] };
}

const NOTHING = { semaphores: [], acquisitions: [], sessions: [] };

test(
  "what is stored through changes alone is the live state, after batches of any size",
  PATIENT,
  () => {
    const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(walk, sizes, fc.boolean(), (moves, batchSizes, late) => {
        const partition = new Partition();
        const player = new Player(partition);
        const store = new RecordStore();
        for (let from = 0; from < moves.length; ) {
          const to = from + batchSizes.next().value;
          const told = partition.events.length;
          const changes = new Changes();
          for (const move of moves.slice(from, to)) {
            const before = partition.events.length;
            player.play([move]);
            for (const event of partition.events.slice(before))
              changes.note(partition.state, event);
          }
          const all = noted(partition, partition.events.slice(told));
          store.write(partition.state, late ? all : changes);
          expect(store.texts()).toEqual(RecordStore.of(partition.state).texts());
          expect(bytesOf(store.read(partition.state))).toBe(partition.bytes());
          from = to;
        }
      }),
      { numRuns: 200 },
    );
  },
);

test("an acquire changes its semaphore, itself and its session", () => {
  const changes = changesOf(new Partition(), (partition) => partition.given(acquire("a")));
  expect(plain(changes)).toEqual({
    semaphores: ["api"],
    acquisitions: [["api", "a"]],
    sessions: ["0-s"],
  });
});

test("a release by another session changes both sessions", () => {
  const partition = new Partition().given(acquire("a"));
  const changes = changesOf(partition, (it) => it.given(release("a", { by: "0-t" })));
  expect([...changes.sessions].sort()).toEqual(["0-s", "0-t"]);
});

test("a revoke changes the acquisition, and who asked, but not the semaphore", () => {
  const partition = new Partition().given(acquire("a"));
  const changes = changesOf(partition, (it) => it.given(revoke("a", { by: "0-t" })));
  expect(plain(changes)).toEqual({ ...NOTHING, acquisitions: [["api", "a"]], sessions: ["0-t"] });
});

test("what goes over to another session changes both", () => {
  const partition = new Partition().given(acquire("a", { heartbeatMaxIntervalMs: 5_000 }));
  const changes = changesOf(partition, (it) =>
    it.given(reassert("a", { slot: 0, token: 1, by: "0-t" })),
  );
  expect([...changes.sessions].sort()).toEqual(["0-s", "0-t"]);
  expect(plain(changes)).toMatchObject({ semaphores: ["api"], acquisitions: [["api", "a"]] });
});

test("what the data had forgotten changes its semaphore, itself and who says so", () => {
  const partition = new Partition();
  partition.lead({ type: "restart", pauseMs: 9_000 });
  const changes = changesOf(partition, (it) => it.given(reassert("a", { slot: 0, token: 1 })));
  expect(plain(changes)).toEqual({
    semaphores: ["api"],
    acquisitions: [["api", "a"]],
    sessions: ["0-s"],
  });
});

test("an assertion that doesn't count leaves no trace but the sign of life", () => {
  const changes = changesOf(new Partition(), (it) =>
    it.given(reassert("a", { slot: 0, token: 1 })),
  );
  expect(plain(changes)).toEqual({ ...NOTHING, sessions: ["0-s"] });
});

test("the end of a former session changes it, what it owned, and who says so", () => {
  const partition = new Partition().given(acquire("a"), acquire("b", { on: "blob" }));
  const changes = changesOf(partition, (it) => it.given(leave({ by: "0-t", former: "0-s" })));
  expect([...changes.sessions].sort()).toEqual(["0-s", "0-t"]);
  expect(plain(changes).acquisitions).toEqual([
    ["api", "a"],
    ["blob", "b"],
  ]);
});

test("an acquire that is turned away leaves no trace but the sign of life", () => {
  const partition = new Partition().given(acquire("a"));
  const changes = changesOf(partition, (it) => it.given(acquire("b", { noWait: true })));
  expect(plain(changes)).toEqual({ ...NOTHING, sessions: ["0-s"] });
});

test.each(["cancelled", "timeout"] as const)(
  "the end of a wait, %s, changes its semaphore, itself and its session",
  (reason) => {
    const partition = new Partition().given(acquire("a"), acquire("b", { by: "0-t" }));
    const changes = changesOf(partition, (it) => it.given(cancel("b", { by: "0-t", reason })));
    expect(plain(changes)).toEqual({
      semaphores: ["api"],
      acquisitions: [["api", "b"]],
      sessions: ["0-t"],
    });
  },
);

test("the end of a TTL changes the semaphore, what ended and its session", () => {
  const partition = new Partition().given(acquire("a", { ttlMs: 500 }));
  const changes = changesOf(partition, (it) => it.at(500).tick());
  expect(plain(changes)).toEqual({
    semaphores: ["api"],
    acquisitions: [["api", "a"]],
    sessions: ["0-s"],
  });
});

test("another value, of what nobody uses, changes the semaphore", () => {
  const partition = new Partition().given(acquire("a"), release("a"));
  const asked = acquire("b", { value: 2, noWait: true });
  const events = partition.ask(asked).filter(({ type }) => type === "declared");
  expect(events).toHaveLength(1);
  expect(plain(noted(partition, events))).toMatchObject({ semaphores: ["api"] });
});

test("a resize changes its semaphore, and who asked", () => {
  const partition = new Partition().given(acquire("a"));
  const changes = changesOf(partition, (it) => it.given(resize("api", 2, { by: "0-t" })));
  expect(plain(changes)).toEqual({ ...NOTHING, semaphores: ["api"], sessions: ["0-t"] });
});

test("a heartbeat changes who is heard", () => {
  const partition = new Partition().given(acquire("a", { heartbeatMaxIntervalMs: 500 }));
  const changes = changesOf(partition, (it) => it.given(heartbeat()));
  expect(plain(changes)).toEqual({ ...NOTHING, sessions: ["0-s"] });
});

test("what is forgotten changes", () => {
  const partition = new Partition().given(acquire("a"), release("a"));
  const changes = changesOf(partition, (it) => it.at(200_000).tick());
  expect(plain(changes)).toEqual({ ...NOTHING, semaphores: ["api"], sessions: ["0-s"] });
});

test("a refused command changes nothing, nor does time that only passes", () => {
  const partition = new Partition().given(heartbeat());
  const changes = changesOf(partition, (it) => {
    it.ask(heartbeat(), 1);
    it.ask(heartbeat(), 7);
    it.at(500).tick();
    it.lead({ type: "restart", pauseMs: 10 });
    it.at(90_500).lead({ type: "rebase", byMs: 90_000 });
  });
  expect(plain(changes)).toEqual(NOTHING);
});

test("the end of a gap changes the sessions that are watched, and no others", () => {
  const partition = new Partition().given(
    acquire("a", { heartbeatMaxIntervalMs: 500, by: "0-t" }),
    heartbeat(),
    leave(),
  );
  const changes = changesOf(partition, (it) => it.at(501).tick());
  expect(plain(changes)).toEqual({ ...NOTHING, sessions: ["0-t"] });
});

test("an id that ended on one semaphore and begins anew on another changes both", () => {
  const store = new RecordStore();
  const partition = new Partition();
  store.write(
    partition.state,
    changesOf(partition, (it) => it.given(acquire("job"))),
  );
  const changes = changesOf(partition, (it) => {
    // A partition's witness would object to an id that is not new.
    it.witness.observe = () => {};
    it.given(release("job"), acquire("job", { on: "blob" }));
  });
  expect(plain(changes).acquisitions).toEqual([
    ["api", "job"],
    ["blob", "job"],
  ]);
  store.write(partition.state, changes);
  expect([...store.acquisitions.keys()]).toEqual(["blob\njob"]);
});
