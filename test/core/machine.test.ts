/** The machine is the definition, the table is what runs: both must say the same of every life. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createActor } from "xstate";
import { acquisitionMachine, life, type MachineEvent } from "../../src/core/machine.js";
import { compile } from "../../src/core/table.js";
import { eventTypes, machines } from "../support/machines.js";
import { walkBoth } from "../support/walk.js";

/** Each takes a second, on a busy machine ten times that. */
const PATIENT = { timeout: 60_000 };

const events = fc.constantFrom<MachineEvent[]>(
  { type: "granted" },
  { type: "heartbeat" },
  { type: "reasserted" },
  { type: "released" },
  { type: "expired", reason: "ttl" },
  { type: "abandoned", reason: "timeout" },
  { type: "RELEASE" },
  { type: "CANCEL" },
);

describe("the compiled table", () => {
  test("says what the machine says, over 10,000 random events", PATIENT, () => {
    let lives = 0;
    const walk = fc.array(events, { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(walk, (walked) => {
        lives += walkBoth(acquisitionMachine, life, walked, { acquisition: "a" });
      }),
      { numRuns: 110 },
    );
    expect(lives).toBeGreaterThan(1_000);
  });

  test("says what any flat machine says", PATIENT, () => {
    const walk = fc.array(eventTypes, { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(machines, walk, (machine, types) => {
        walkBoth(
          machine,
          compile(machine),
          types.map((type) => ({ type })),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("has a row for each state, and no cell that objects inherit", () => {
    expect(Object.keys(life.cells)).toEqual(Object.keys(acquisitionMachine.states));
    expect("constructor" in life.cells).toBe(false);
    expect("constructor" in life.cells.queued).toBe(false);
  });
});

describe("an acquisition", () => {
  test("asks for its slot when it begins to wait", () => {
    expect(life.initial).toEqual({ target: "queued", emits: ["acquire"] });
  });

  test("is moved by facts, never by intents", () => {
    for (const [name, row] of Object.entries(life.cells)) {
      expect(row.RELEASE?.target ?? name).toBe(name);
      expect(row.CANCEL?.target ?? name).toBe(name);
    }
  });
});

describe("what is asserted again", () => {
  test.each(["queued", "held", "heartbeating"] as const)(
    "is held, also if the data thought it %s; nothing is asked for",
    (state) => {
      expect(life.cells[state].reasserted).toEqual({ target: "held", emits: [] });
    },
  );

  test.each(["released", "expired", "abandoned"] as const)("is not if it is %s", (state) => {
    expect(life.cells[state].reasserted).toBeUndefined();
  });
});

describe("a real actor", () => {
  function ended(...facts: MachineEvent[]) {
    const actor = createActor(acquisitionMachine, { input: { acquisition: "a" } }).start();
    for (const fact of facts) actor.send(fact);
    return actor.getSnapshot();
  }

  test.each(["ttl", "heartbeat", "revoked", "superseded"] as const)(
    "says why it expired: %s",
    (reason) => {
      const { status, value, output } = ended({ type: "granted" }, { type: "expired", reason });
      expect({ status, value, output }).toEqual({
        status: "done",
        value: "expired",
        output: { reason },
      });
    },
  );

  test.each(["timeout", "cancelled", "lost", "busy", "queue-full", "value-mismatch"] as const)(
    "says why it was abandoned: %s",
    (reason) => {
      const { status, value, output } = ended({ type: "abandoned", reason });
      expect({ status, value, output }).toEqual({
        status: "done",
        value: "abandoned",
        output: { reason },
      });
    },
  );

  test("has no reason to give when it is released", () => {
    const { value, output } = ended({ type: "granted" }, { type: "released" });
    expect({ value, output }).toEqual({ value: "released", output: { reason: undefined } });
  });

  test("that was granted its slot lives on when it says so again, and beats on", () => {
    const actor = createActor(acquisitionMachine, { input: { acquisition: "a" } }).start();
    const wanted: string[] = [];
    actor.on("*", ({ type }) => wanted.push(type));
    const states = (["granted", "heartbeat", "reasserted", "heartbeat"] as const).map((type) => {
      actor.send({ type });
      return actor.getSnapshot().value;
    });
    expect(states).toEqual(["held", "heartbeating", "held", "heartbeating"]);
    expect(wanted).toEqual([]);
  });

  test("emits what it wants, and keeps what it was made for", () => {
    const wanted: string[] = [];
    const actor = createActor(acquisitionMachine, { input: { acquisition: "a" } });
    actor.on("*", ({ type }) => wanted.push(type));
    actor.start();
    actor.send({ type: "granted" });
    actor.send({ type: "RELEASE" });
    actor.send({ type: "CANCEL" });
    expect(wanted).toEqual(["acquire", "release", "cancel"]);
    expect(actor.getSnapshot().context).toEqual({ acquisition: "a" });
    expect(actor.getSnapshot().value).toBe("held");
  });
});
