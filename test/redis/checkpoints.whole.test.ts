/** A history whose front is trimmed tells what the whole one would, whoever leads, at any moment that is kept. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.js";
import { restore } from "../../src/core/snapshot.js";
import { verify } from "../../src/history/verify.js";
import type { Commit, Loaded, Retention, Term } from "../../src/ports.js";
import { Ledger } from "../../src/reconciler/ledger.js";
import type { RedisPartition } from "../../src/redis/partition.js";
import { all } from "../contract/backend.js";
import { longRun } from "../history/long-run.js";
import { batchesOf } from "../support/batches.js";
import { Moments } from "../support/moments.js";
import { connected, lead, newNamespace } from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Of 1,000 moments in all. */
const MOMENTS = 10;
const LOOKS = 100;
/** Another one leads after so many batches. */
const TERM_BATCHES = 37;

/** Leads by hand: decides what it is given, and commits it to a real Redis. */
class Lead {
  ledger: Ledger;

  private constructor(
    readonly partition: RedisPartition,
    readonly term: Term,
    loaded: Loaded,
    retention: Retention,
  ) {
    this.ledger = new Ledger(loaded, restore(loaded.snapshot), term.epoch, retention);
  }

  static async begin(partition: RedisPartition, retention: Retention): Promise<Lead> {
    const term = await lead(partition);
    return new Lead(partition, term, await partition.store.load(term), retention);
  }

  async commit(commit: Commit | undefined): Promise<void> {
    if (commit === undefined) throw new Error("there is nothing to commit");
    expect(await this.partition.store.commit(this.term, commit)).toBe("done");
  }

  /** As a leader does after each of its turns. */
  async checkpoint(): Promise<Commit | undefined> {
    if (!this.ledger.isCheckpointDue) return undefined;
    const steps = this.ledger.checkpoint();
    for (;;) {
      const step = steps.next();
      if (!step.done) continue;
      await this.commit(step.value);
      return step.value;
    }
  }
}

describe.each<[string, Retention]>([
  ["by number", { events: 150, ageMs: Infinity }],
  ["by age", { events: 1_000_000, ageMs: 60_000 }],
])("trimmed %s", (_how, retention) => {
  test("at 1,000 random moments of a long random run, checkpoint and tail are the full fold", async () => {
    const { namespace } = newNamespace();
    const partition = await connected(server, { namespace });
    const moments = new Moments(11);
    const batches = batchesOf(longRun(45, 7).commands);
    const lookEvery = Math.floor(batches.length / LOOKS);
    let leader = await Lead.begin(partition, retention);
    let [checkpoints, trims] = [0, 0];
    for (const [index, { own, read }] of batches.entries()) {
      if (index % TERM_BATCHES === TERM_BATCHES - 1) {
        await partition.lease.resign(leader.term);
        leader = await Lead.begin(partition, retention);
      }
      const commit = leader.ledger.decide(own, read);
      await leader.commit(commit);
      const events: Event[] = JSON.parse(commit.history.events);
      for (const event of events) moments.note(event);
      const checkpoint = await leader.checkpoint();
      if (checkpoint) checkpoints++;
      if (commit.trimTo ?? checkpoint?.trimTo) trims++;
      if (index % lookEvery !== 0 || moments.compared === MOMENTS * LOOKS) continue;
      await moments.compare(await all(partition.history.entries()), MOMENTS);
    }
    expect(moments.compared).toBe(MOMENTS * LOOKS);
    expect(moments.byLaterCheckpoint).toBeGreaterThan(MOMENTS * LOOKS * 0.2);
    expect(checkpoints).toBeGreaterThan(15);
    expect(trims).toBeGreaterThan(10);
    const { hash: head } = await partition.history.head();
    const kept = await all(partition.history.entries());
    expect(await verify(kept, { head })).toMatchObject({ ok: true, trimmed: true });
    const reversed = await all(partition.history.entries({ reverse: true }));
    expect(reversed.toReversed()).toEqual(kept);
  }, 120_000);
});
