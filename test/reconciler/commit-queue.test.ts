/** Commits arrive once and in order, whatever gets lost on the way. */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError } from "../../src/errors.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import { type CommitFailure, CommitQueue } from "../../src/reconciler/commit-queue.js";
import { commit, ScriptedStore, settled, TERM } from "./support.js";

function given(confirmed = 0) {
  const clock = new SimulatedClock();
  const store = new ScriptedStore();
  const failures: CommitFailure[] = [];
  const queue = new CommitQueue(store, clock, TERM, confirmed, (failure) => failures.push(failure));
  /** Waits for the queue to look where the data is, and goes on. */
  const recover = async () => {
    await settled();
    clock.advance(1_000);
    await settled();
  };
  return { queue, store, failures, recover };
}

const lostReply = () => new BackendUnavailableError("the connection was closed.");

describe("commits", () => {
  test("go out two at a time, in order", async () => {
    const { queue, store } = given();
    for (const number of [1, 2, 3]) queue.push(commit(number));
    expect(store.numbers).toEqual([1, 2]);
    store.sent[0]?.answer("done");
    await settled();
    expect(store.numbers).toEqual([1, 2, 3]);
  });

  test("are not decided further ahead than four", async () => {
    const { queue, store } = given();
    for (const number of [1, 2, 3, 4]) queue.push(commit(number));
    let hasRoom = false;
    void queue.room().then(() => {
      hasRoom = true;
    });
    await settled();
    expect(hasRoom).toBe(false);
    store.sent[0]?.answer("done");
    await settled();
    expect(hasRoom).toBe(true);
  });

  test("that nobody wants any more are not waited for", async () => {
    const { queue } = given();
    for (const number of [1, 2, 3, 4]) queue.push(commit(number));
    const room = queue.room();
    queue.stop();
    await room;
  });
});

describe("after a lost reply (trap 18)", () => {
  test("a commit that was stored is not sent again", async () => {
    const { queue, store, failures, recover } = given();
    queue.push(commit(1));
    store.position_ = { epoch: TERM.epoch, commit: 1 };
    store.sent[0]?.fail(lostReply());
    await recover();
    queue.push(commit(2));
    expect(store.numbers).toEqual([1, 2]);
    expect(failures).toEqual([]);
  });

  test("what was not stored is sent again, the same and in order", async () => {
    const { queue, store, failures, recover } = given();
    const [first, second] = [commit(1), commit(2)];
    queue.push(first);
    queue.push(second);
    store.sent[0]?.fail(lostReply());
    store.sent[1]?.answer("cursor");
    await recover();
    expect(store.sent.slice(2).map(({ commit }) => commit)).toEqual([first, second]);
    expect(failures).toEqual([]);
  });

  test("nothing is sent while the answer to another one is awaited", async () => {
    const { queue, store, recover } = given();
    queue.push(commit(1));
    queue.push(commit(2));
    store.sent[0]?.fail(lostReply());
    await recover();
    expect(store.numbers).toEqual([1, 2]);
  });

  test("it waits until the data can be asked", async () => {
    const { queue, store, recover } = given();
    const { position } = store;
    store.position = () => Promise.reject(lostReply());
    queue.push(commit(1));
    store.sent[0]?.fail(lostReply());
    await recover();
    await recover();
    expect(store.numbers).toEqual([1]);
    store.position = position;
    await recover();
    expect(store.numbers).toEqual([1, 1]);
  });
});

describe("it is over", () => {
  test("when another term has begun", async () => {
    const { queue, store, failures } = given();
    queue.push(commit(1));
    store.sent[0]?.answer("epoch");
    await settled();
    queue.push(commit(2));
    expect(store.numbers).toEqual([1]);
    expect(failures).toEqual([{ reason: "fenced" }]);
  });

  test("when the data says so after a lost reply", async () => {
    const { queue, store, failures, recover } = given();
    queue.push(commit(1));
    store.position_ = { epoch: TERM.epoch + 1, commit: 9 };
    store.sent[0]?.fail(lostReply());
    await recover();
    expect(store.numbers).toEqual([1]);
    expect(failures).toEqual([{ reason: "fenced" }]);
  });

  test("when the data has forgotten what it had confirmed (trap 29)", async () => {
    const { queue, store, failures, recover } = given(4);
    queue.push(commit(5));
    store.position_ = { epoch: TERM.epoch, commit: 3 };
    store.sent[0]?.answer("cursor");
    await recover();
    expect(failures).toEqual([{ reason: "lost" }]);
  });

  test("when the data refuses what should follow, again and again", async () => {
    const { queue, store, failures, recover } = given();
    queue.push(commit(1));
    for (let count = 0; count < 10; count++) {
      store.sent.at(-1)?.answer("cursor");
      await recover();
    }
    expect(failures).toMatchObject([{ reason: "failed", error: { code: "PROTOCOL" } }]);
  });

  test("but not because it takes long (a disk that is full)", async () => {
    const { queue, store, failures, recover } = given();
    queue.push(commit(1));
    for (let count = 0; count < 20; count++) {
      store.sent.at(-1)?.fail(lostReply());
      await recover();
    }
    store.sent.at(-1)?.answer("done");
    await settled();
    queue.push(commit(2));
    expect(store.numbers.at(-1)).toBe(2);
    expect(failures).toEqual([]);
  });

  test("at an error that is final", async () => {
    const { queue, store, failures } = given();
    const error = new Error("WRONGTYPE");
    queue.push(commit(1));
    store.sent[0]?.fail(error);
    await settled();
    expect(failures).toEqual([{ reason: "failed", error }]);
  });
});
