/** What the page shows of a moment is what `replay` and `explain` say of it, however one comes there. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.js";
import { snapshot } from "../../src/core/snapshot.js";
import { holdersOf, statsOf } from "../../src/core/views.js";
import { explain } from "../../src/history/explain.js";
import { replayAcquisition } from "../../src/history/life.js";
import { replay } from "../../src/history/replay.js";
import { ALWAYS } from "../../src/inspector/page/model/budget.js";
import { Cursor } from "../../src/inspector/page/model/cursor.js";
import { Follow } from "../../src/inspector/page/model/follow.js";
import { Model } from "../../src/inspector/page/model/model.js";
import { Reasons } from "../../src/inspector/page/model/reasons.js";
import { rowsOf } from "../../src/inspector/page/model/rows.js";
import { percentile } from "../../src/inspector/page/model/waits.js";
import { modelOf, moments, type Recorded, recorded } from "./page-support.js";

let whole: Recorded;
/** Its beginning is no longer kept. */
let trimmed: Recorded;
beforeAll(async () => {
  [whole, trimmed] = await Promise.all([recorded(120), recorded(60, { kept: 300, seed: 3 })]);
});

const kinds = () => [["whole", whole] as const, ["trimmed by the log", trimmed] as const];

/** A little time at a time, so that work is broken off at many places. */
function pieces(steps: number) {
  let left = steps;
  return () => left-- > 0;
}

describe("the state at a past event", () => {
  test("is that of replay, back and forth, also when the way there was broken off", async () => {
    for (const [, history] of kinds()) {
      const { timeline } = modelOf(history);
      expect(timeline.end - timeline.start).toBeGreaterThan(250);
      const cursor = new Cursor(timeline);
      for (const seq of moments(timeline.start, timeline.end, 40)) {
        cursor.seek(seq);
        for (let steps = 1; !cursor.goOn(pieces(steps)); steps++);
        const { state } = await replay(history.entries, { untilSeq: seq });
        expect(snapshot(cursor.state)).toEqual(state);
      }
    }
  });

  test("may be changed on the way: the last wish counts", async () => {
    const { timeline } = modelOf(whole);
    const cursor = new Cursor(timeline);
    for (const seq of [timeline.end, 10, timeline.end - 5, 1_200, 1_199]) {
      cursor.seek(seq);
      cursor.goOn(pieces(3));
    }
    expect(cursor.goOn(ALWAYS)).toBe(true);
    const { state } = await replay(whole.entries, { untilSeq: 1_199 });
    expect(snapshot(cursor.state)).toEqual(state);
  });

  test("beyond what is kept is the nearest that is", () => {
    const { timeline } = modelOf(trimmed);
    const cursor = new Cursor(timeline);
    cursor.seek(0);
    cursor.goOn(ALWAYS);
    expect(cursor.state.seq).toBe(timeline.start);
    expect(timeline.start).toBeGreaterThan(0);
    cursor.seek(1e9);
    cursor.goOn(ALWAYS);
    expect(cursor.state.seq).toBe(timeline.end);
  });
});

describe("at every moment", () => {
  test("the rows say what stats say, and waits are those of the last grants", async () => {
    const { timeline, lanes } = modelOf(whole);
    const cursor = new Cursor(timeline);
    for (const seq of moments(1, timeline.end, 30)) {
      cursor.seek(seq);
      cursor.goOn(ALWAYS);
      const then = await replay(whole.entries, { untilSeq: seq });
      const rows = rowsOf(cursor.state, lanes);
      const expected = then
        .semaphores()
        .map(({ name, maxSlots, acquiredSlots, queued, declared }) => ({
          ...{ name, value: maxSlots, declared, held: acquiredSlots, queued },
          waits: waitsBy(timeline.events.slice(0, seq), name),
        }));
      const shown = rows
        .map(({ pressure, ...row }) => row)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(shown).toEqual(expected);
    }
  });

  test("the lanes have open what is held then, and the depth is how many wait", async () => {
    for (const [, history] of kinds()) {
      const { timeline, lanes } = modelOf(history);
      const cursor = new Cursor(timeline);
      for (const seq of moments(timeline.start, timeline.end, 30)) {
        cursor.seek(seq);
        cursor.goOn(ALWAYS);
        for (const [name] of statsOf(cursor.state, { limit: Infinity })) {
          const open = (lanes.tracks.get(name)?.lanes ?? [])
            .flat()
            .filter(({ fromSeq, toSeq }) => fromSeq <= seq && toSeq > seq);
          const held = holdersOf(cursor.state, name);
          expect(
            open.map(({ slot, acquisition, token }) => [slot, acquisition, token]).sort(),
          ).toEqual(
            held.map(({ slotNumber, id, fencingToken }) => [slotNumber, id, fencingToken]).sort(),
          );
        }
      }
      for (const [name, { queued }] of statsOf(timeline.head, { limit: Infinity })) {
        expect(lanes.tracks.get(name)?.depth.last).toBe(queued);
      }
    }
  });
});

describe("of an acquisition", () => {
  test("why is what explain says, for whoever waits, holds, has ended, or is not known", async () => {
    const seen = new Set<string>();
    for (const [, history] of kinds()) {
      const { timeline, lookup } = modelOf(history);
      const cursor = new Cursor(timeline);
      const ids = [...ofEachEnd(timeline.events), ...lookup.find("", 8), "nobody"];
      for (const [index, seq] of moments(timeline.start + 1, timeline.end, 24).entries()) {
        const id = ids[index % ids.length] ?? "nobody";
        const reasons = new Reasons(id, timeline, lookup);
        for (const untilSeq of [seq, Math.max(timeline.start, seq - 40), timeline.end]) {
          cursor.seek(untilSeq);
          cursor.goOn(ALWAYS);
          const { state } = cursor;
          const explained = reasons.at(state, state.at, ALWAYS);
          expect(explained).toEqual(await explain(history.entries, id, { untilSeq }));
          seen.add(explained?.kind ?? "");
        }
      }
    }
    expect(seen).toEqual(new Set(["waiting", "holding", "ended", "unknown"]));
  });

  test("the statechart follows the machine's own snapshots", async () => {
    const states = new Set<unknown>();
    for (const [, history] of kinds()) {
      const { timeline, lookup } = modelOf(history);
      for (const id of [...ofEachEnd(timeline.events), ...lookup.find("", 8)]) {
        const follow = new Follow(id, timeline, lookup);
        const steps = await replayAcquisition(history.entries, id);
        const known = steps.filter(({ event }) => event.seq > timeline.start);
        expect(follow.steps().map(said)).toEqual(known.map(said));
        for (const [index, { event, snapshot }] of known.entries()) {
          states.add(snapshot.value);
          expect(follow.at(event.seq)?.event).toEqual(event);
          expect(follow.at(event.seq - 1)?.event).toEqual(known[index - 1]?.event);
        }
      }
    }
    expect(states).toEqual(
      new Set(["queued", "held", "heartbeating", "released", "expired", "abandoned"]),
    );
  });
});

test("with its oldest events gone, the page goes on to say the same of the others", async () => {
  const model = modelOf(whole, new Model(1, 1_300, 500));
  const { timeline, lookup, lanes } = model;
  expect(timeline.start).toBeGreaterThan(500);
  expect(timeline.events.length).toBeLessThanOrEqual(1_400);
  expect(model.incidents.every((seq) => seq > timeline.start)).toBe(true);
  const cursor = new Cursor(timeline);
  for (const seq of moments(timeline.start, timeline.end, 20)) {
    cursor.seek(seq);
    cursor.goOn(ALWAYS);
    const { state } = await replay(whole.entries, { untilSeq: seq });
    expect(snapshot(cursor.state)).toEqual(state);
    expect(rowsOf(cursor.state, lanes).every(({ held, value }) => held <= value)).toBe(true);
  }
  const [id = ""] = lookup.find("", 1);
  const explained = new Reasons(id, timeline, lookup).at(timeline.head, timeline.head.at, ALWAYS);
  expect(explained).toEqual(await explain(whole.entries, id));
});

/** Some acquisitions of each way to end. */
function ofEachEnd(events: readonly Event[]): string[] {
  const ended = events.filter(
    (event) => event.type === "released" || event.type === "expired" || event.type === "abandoned",
  );
  return (["released", "expired", "abandoned"] as const).flatMap((type) =>
    ended
      .filter((event) => event.type === type)
      .slice(0, 4)
      .map(({ acquisition }) => acquisition),
  );
}

function said({
  event,
  snapshot,
}: {
  event: unknown;
  snapshot: { value: unknown; output?: unknown };
}) {
  return { event, value: snapshot.value, output: snapshot.output };
}

function waitsBy(events: readonly { type: string; at: number }[], semaphore: string) {
  const queued = new Map<string, number>();
  const waits: number[] = [];
  for (const event of events) {
    if (!("semaphore" in event) || event.semaphore !== semaphore) continue;
    const id = "acquisition" in event ? String(event.acquisition) : "";
    if (event.type === "queued") queued.set(id, event.at);
    if (event.type === "granted") waits.push(event.at - (queued.get(id) ?? Number.NaN));
  }
  if (waits.length === 0) return undefined;
  const sorted = waits.slice(-500).sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}
