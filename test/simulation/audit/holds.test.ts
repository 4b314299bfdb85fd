/** Two may believe to hold the same slot only for a known reason, and no longer than that explains. */

import { describe, expect, test } from "vitest";
import type { GrantedEvent, ReleasedEvent } from "../../../src/core/event.js";
import { ProcessClock } from "../process/clock.js";
import { Host } from "../process/host.js";
import { Random } from "../random.js";
import { Timeline } from "../timeline.js";
import { HistoryAudit } from "./history.js";
import { type Hold, Holds } from "./holds.js";

const INTERVAL_MS = 1000;

/** One holder, and another one who gets its slot. */
class Rivalry {
  readonly timeline = new Timeline();
  readonly holds = new Holds(this.timeline);
  readonly host = new Host("p", this.timeline);
  readonly clock = new ProcessClock(this.host, new Random(1), 0, 1);
  readonly failures: unknown[] = [];
  readonly loss = new AbortController();
  readonly hold: Hold;
  private readonly history = new HistoryAudit(() => {});

  constructor() {
    this.holds.onFailure = (reason) => this.failures.push(reason);
    this.holds.granted(granted("a", 1), this.history);
    const terms = { heartbeatMaxIntervalMs: INTERVAL_MS };
    const slot = {
      ...{ id: "a", semaphoreName: "api", slotNumber: 0, fencingToken: 1, state: "held" },
      ...{ signal: this.loss.signal, request: { terms }, release: async () => true },
    };
    this.hold = this.holds.begin(slot, { host: this.host, clock: this.clock });
  }

  /** The log gives the slot to somebody else. */
  overtake(): void {
    this.holds.granted(granted("b", 2), this.history);
  }

  /** What is blamed after so long. */
  async after(ms: number): Promise<number> {
    await this.timeline.run(this.timeline.now + ms);
    return this.failures.length;
  }
}

function granted(acquisition: string, token: number): GrantedEvent {
  const at = token;
  return {
    seq: token,
    at,
    type: "granted",
    semaphore: "api",
    acquisition,
    session: "0-s",
    slot: 0,
    token,
  };
}

const BY_ID: ReleasedEvent = {
  ...{ seq: 3, at: 3, type: "released", semaphore: "api", acquisition: "a", session: "0-s" },
  ...{ by: "0-t", number: 1, reason: "released" },
};

test("without a reason nobody may believe for a moment", () => {
  const rivalry = new Rivalry();
  expect(() => rivalry.overtake()).toThrow(/invariant 13: p believes to hold a, slot 0 of api/);
});

test("whoever has noticed the loss is not blamed", async () => {
  const rivalry = new Rivalry();
  rivalry.loss.abort();
  rivalry.overtake();
  expect(await rivalry.after(5000)).toBe(0);
});

describe("may believe for a while, and no longer", () => {
  test.each<[string, (rivalry: Rivalry) => void, number]>([
    ["who was told of its end by nobody yet", ({ holds }) => holds.ended(BY_ID), INTERVAL_MS],
    [
      "who began when the server's clock was set, before another one led",
      ({ holds }) => {
        holds.clockWasSet(-700);
        holds.anotherLeads();
      },
      700,
    ],
    ["who saw the server's clock nudged", ({ holds }) => holds.clockWasSet(50), 50],
    [
      "whose leader had a wrong clock while the server's was set",
      ({ holds }) => {
        holds.isLedAstray = () => true;
        holds.clockWasSet(300);
        holds.committed();
      },
      300,
    ],
    ["whose loss nobody noticed", ({ holds }) => holds.lostUnnoticed(), INTERVAL_MS],
    ["for whom grants paused too shortly", ({ holds }) => holds.pauses(600), 400],
  ])("%s", async (_who, befall, longestMs) => {
    const rivalry = new Rivalry();
    befall(rivalry);
    rivalry.overtake();
    expect(await rivalry.after(longestMs)).toBe(0);
    expect(await rivalry.after(60)).toBe(1);
  });

  test("whose clock is slow, for as long as it has lost", async () => {
    const rivalry = new Rivalry();
    rivalry.clock.go(0.49);
    await rivalry.after(200);
    rivalry.clock.go(1);
    rivalry.overtake();
    expect(await rivalry.after(100)).toBe(0);
    expect(await rivalry.after(60)).toBe(1);
  });

  test("who belongs to a process that stands still, until that goes on", async () => {
    const rivalry = new Rivalry();
    rivalry.host.pause();
    rivalry.overtake();
    expect(await rivalry.after(60_000)).toBe(0);
    rivalry.host.resume();
    expect(() => rivalry.holds.awake(rivalry.host)).toThrow(/woke up and still believes/);
  });
});

test("a jump of the server's clock that its leader can notice is no reason", () => {
  const rivalry = new Rivalry();
  rivalry.holds.clockWasSet(700);
  expect(() => rivalry.overtake()).toThrow(/invariant 13/);
});

test("who was released by its id is not blamed, even if the data has forgotten that", () => {
  const rivalry = new Rivalry();
  rivalry.holds.ended(BY_ID);
  // Another history begins.
  rivalry.holds.granted(granted("b", 2), new HistoryAudit(() => {}));
  expect(rivalry.failures).toEqual([]);
});
