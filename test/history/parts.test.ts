/** What the texts of an entry say is checked, member by member, before anything is folded. */

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { snapshot } from "../../src/core/snapshot.js";
import { HistoryError } from "../../src/errors.js";
import { hashOf } from "../../src/history/entry.js";
import { commandsIn, eventsOf, stateIn } from "../../src/history/parts.js";
import { longRun } from "./long-run.js";
import { recorded } from "./recorder.js";
import { story } from "./story.js";

const EMPTY = { seq: 1, epoch: 1, commands: "[]", events: "[]", hash: "" };

/** Every way to leave out one member of an object, or to put another thing in its place. */
function* spoilt(value: Readonly<Record<string, unknown>>): Generator<[string, object]> {
  for (const name of Object.keys(value)) {
    const { [name]: _left, ...rest } = value;
    yield [`without ${name}`, rest];
    for (const other of [null, -1, 1.5, "", [], {}, true]) {
      yield [`with ${name} = ${JSON.stringify(other)}`, { ...value, [name]: other }];
    }
  }
}

const read = (event: object) => eventsOf({ ...EMPTY, seq: 1, events: JSON.stringify([event]) });

test("events, commands and states that were written are read as they were", () => {
  const partition = story();
  const entries = recorded(partition, { perEntry: 3, checkpointEvery: 1 });
  expect(JSON.stringify(entries.flatMap(eventsOf))).toBe(JSON.stringify(partition.events));
  expect(entries.flatMap(commandsIn)).toEqual(partition.commands);
  expect(entries.map(stateIn).at(-1)).toEqual(snapshot(partition.state));
});

describe("an event", () => {
  /** One of each type. */
  const events = [...new Map(longRun(15, 6).events.map((event) => [event.type, event])).values()];

  test.each(events.map((event) => [event.type, event] as const))(
    "%s is one only if all is there",
    (_type, event) => {
      const whole = { ...JSON.parse(JSON.stringify(event)), seq: 1 };
      expect(read(whole)).toEqual([whole]);
      const needed = Object.keys(whole).filter((name) => !OPTIONAL.has(name));
      for (const name of needed) {
        const { [name]: _left, ...rest } = whole;
        expect(() => read(rest), `without ${name}`).toThrow(HistoryError);
        expect(() => read({ ...whole, [name]: null }), `${name} is null`).toThrow(HistoryError);
      }
    },
  );

  /** What some have and some have not, of the same type. */
  const OPTIONAL = new Set(["number", "by", "from", "ttlLeftMs", "acquisition", "session"]);

  test("of every type is among them", () => {
    expect(events).toHaveLength(18);
  });

  test("takes no slot that nobody can have", () => {
    const granted = { seq: 1, at: 0, type: "granted", semaphore: "api", acquisition: "a" };
    const whole = { ...granted, session: "0-s", slot: 999_999, token: 1 };
    expect(read(whole)).toEqual([whole]);
    expect(() => read({ ...whole, slot: 1_000_000 })).toThrow("what stands there is no event");
  });
});

describe("a state", () => {
  const { state } = longRun(3, 21);
  const whole = JSON.parse(JSON.stringify(snapshot(state)));
  const readState = (value: object) =>
    stateIn({ ...EMPTY, seq: state.seq + 1, state: JSON.stringify(value) });

  test("is one only if all is there, and nothing is what it cannot be", () => {
    expect(readState(whole)).toEqual(whole);
    const nullable = new Set(["sweepAt", "idleSince", "deadline", "grant"]);
    const [semaphore, session, acquisition] = [
      ...[whole.semaphores[0], whole.sessions[0], whole.acquisitions[0]],
    ];
    const wrongs: [string, object][] = [
      ...spoilt(whole),
      ...[...spoilt(semaphore)].map(([what, one]): [string, object] => [
        `a semaphore ${what}`,
        { ...whole, semaphores: [one, ...whole.semaphores.slice(1)] },
      ]),
      ...[...spoilt(session)].map(([what, one]): [string, object] => [
        `a session ${what}`,
        { ...whole, sessions: [one, ...whole.sessions.slice(1)] },
      ]),
      ...[...spoilt(acquisition)].map(([what, one]): [string, object] => [
        `an acquisition ${what}`,
        { ...whole, acquisitions: [one, ...whole.acquisitions.slice(1)] },
      ]),
    ].filter(([what]) => !mayBe(what, nullable));
    expect(wrongs.length).toBeGreaterThan(100);
    for (const [what, value] of wrongs) expect(() => readState(value), what).toThrow(HistoryError);
  });

  test.each(["semaphores", "sessions", "acquisitions"])("has none of its %s twice", (list) => {
    const twice = { ...whole, [list]: [...whole[list], whole[list][0]] };
    expect(() => readState(twice)).toThrow("the state of its checkpoint is none");
  });

  test("has no slot twice", () => {
    const held = whole.acquisitions.find(({ grant }: { grant: object | null }) => grant !== null);
    const twice = { ...whole, acquisitions: [...whole.acquisitions, { ...held, id: "other" }] };
    expect(() => readState(twice)).toThrow("the state of its checkpoint is none");
  });

  /** Steady times may be anything, some numbers and lists may be others, and what is nullable may be null. */
  function mayBe(what: string, nullable: ReadonlySet<string>): boolean {
    const [, name = "", value = ""] = / with (\w+) = (.*)$/.exec(` ${what}`) ?? [];
    if (value === "null") return nullable.has(name);
    if (value === "-1") return STEADY.has(name);
    if (value === "[]")
      return name === "watches" || (name === "acquisitions" && !what.includes("an "));
    if (value === "{}") return name === "terms";
    return value === "true" && name === "revoked";
  }

  const STEADY = new Set(["sweepAt", "pausedUntil", "idleSince", "heardAt", "deadline"]);
});

test("the hash is over lines, and that of a checkpoint over its state as well", () => {
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const entry = { seq: 7, epoch: 2, commands: "[1]", events: '["ü"]' };
  expect(hashOf("", entry)).toBe(sha('\n7\n2\n[1]\n["ü"]'));
  expect(hashOf("ab", { ...entry, state: "{}" })).toBe(sha('ab\n7\n2\n[1]\n["ü"]\n{}'));
});
