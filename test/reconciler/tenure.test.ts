/** A leader knows that it leads only as long as somebody has confirmed it. */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError } from "../../src/errors.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import { Tenure } from "../../src/reconciler/tenure.js";
import { settled, TERM, timeOf } from "./support.js";

type Answer = number | undefined | Error | Promise<number | undefined>;

function given(answer: () => Answer) {
  const clock = new SimulatedClock();
  const ends: [string, number][] = [];
  const renewals: number[] = [];
  const lease = {
    renew: async () => {
      renewals.push(clock.now());
      const result = await answer();
      if (result instanceof Error) throw result;
      return result === undefined ? undefined : timeOf(result);
    },
  };
  const tenure = new Tenure(lease, clock, TERM, 0, {
    renewed: () => undefined,
    ended: (reason) => ends.push([reason, clock.now()]),
  });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      await settled();
    }
  };
  return { tenure, ends, renewals, pass };
}

describe("a lease", () => {
  test("is renewed four times in its time", async () => {
    const { renewals, ends, pass } = given(() => 1);
    await pass(2_000);
    expect(renewals).toEqual([250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000]);
    expect(ends).toEqual([]);
  });

  test("that somebody else has ends the term at once", async () => {
    const { ends, renewals, pass } = given(() => undefined);
    await pass(2_000);
    expect(ends).toEqual([["fenced", 250]]);
    expect(renewals).toEqual([250]);
  });

  test("that cannot be renewed ends the term before somebody else may have it", async () => {
    const { ends, pass } = given(() => new BackendUnavailableError("down"));
    await pass(2_000);
    expect(ends).toEqual([["unconfirmed", 800]]);
  });

  test("counts from when the renewal was sent, not from when the reply came", async () => {
    let reply: (at: number) => void = () => undefined;
    const { ends, pass, renewals } = given(
      () =>
        new Promise((resolve) => {
          reply = resolve;
        }),
    );
    await pass(700);
    reply(1);
    await pass(2_000);
    expect(renewals[0]).toBe(250);
    expect(ends).toEqual([["unconfirmed", 1_050]]);
  });

  test("is not asked for again while an answer is awaited", async () => {
    const { renewals, pass } = given(() => new Promise(() => undefined));
    await pass(790);
    expect(renewals).toEqual([250]);
  });

  test("is left alone when the term is over", async () => {
    const { tenure, renewals, ends, pass } = given(() => 1);
    tenure.stop();
    await pass(2_000);
    expect([renewals, ends]).toEqual([[], []]);
  });
});

describe("a look at the time", () => {
  test("is a renewal that is sent after it was asked for", async () => {
    const replies: ((at: number) => void)[] = [];
    const { tenure, renewals, pass } = given(
      () =>
        new Promise((resolve) => {
          replies.push(resolve);
        }),
    );
    await pass(250);
    const looks: boolean[] = [];
    void tenure.look().then((isConfirmed) => looks.push(isConfirmed));
    replies[0]?.(1);
    await settled();
    expect(looks).toEqual([]);
    expect(renewals).toEqual([250, 250]);
    replies[1]?.(2);
    await settled();
    expect(looks).toEqual([true]);
  });

  test("says so when it failed", async () => {
    const { tenure } = given(() => new BackendUnavailableError("down"));
    expect(await tenure.look()).toBe(false);
  });

  test("ends with the term, though the server says nothing", async () => {
    const { tenure, ends, pass } = given(() => new Promise(() => undefined));
    const look = tenure.look();
    await pass(800);
    expect(ends).toEqual([["unconfirmed", 800]]);
    expect(await look).toBe(false);
    expect(await tenure.look()).toBe(false);
  });
});
