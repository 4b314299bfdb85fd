/** The small parts of the page: streams, lines, addresses, numbers, time, filters, and what is where in the lanes. */

import { describe, expect, test } from "vitest";
import { describeEvent } from "../../src/core/describe.js";
import {
  groupsOf,
  heightOf,
  spanAt,
  TITLE_HEIGHT,
} from "../../src/inspector/page/app/lanes-layout.js";
import { Player } from "../../src/inspector/page/app/player.js";
import { until } from "../../src/inspector/page/model/budget.js";
import { Depth } from "../../src/inspector/page/model/depth.js";
import { EventStreamParser, LineSplitter } from "../../src/inspector/page/model/event-stream.js";
import { Filtered, NO_FILTER } from "../../src/inspector/page/model/filter.js";
import { shortDuration, shortId, visible } from "../../src/inspector/page/model/format.js";
import { parsePlace, placeHash, takeToken } from "../../src/inspector/page/model/place.js";
import { byPressure, SteadyOrder } from "../../src/inspector/page/model/rows.js";
import { panned, ticksOf, zoomed } from "../../src/inspector/page/model/scale.js";
import { parseSourceHeader } from "../../src/inspector/page/model/source-header.js";
import { modelOf, recorded } from "./page-support.js";

describe("a stream of server-sent events", () => {
  const TEXT =
    'event: header\ndata: {"a":1}\n\nevent: entries\nid: 12\ndata: one\ndata: two\n\n: kept alive\n\ndata:plain\r\n\r\n';

  test.each([1, 2, 3, 7, 1_000])("is read in pieces of %i characters", (size) => {
    const parser = new EventStreamParser();
    const messages = [];
    for (let at = 0; at < TEXT.length; at += size)
      messages.push(...parser.take(TEXT.slice(at, at + size)));
    expect(messages).toEqual([
      { event: "header", id: undefined, data: ['{"a":1}'] },
      { event: "entries", id: "12", data: ["one", "two"] },
      { event: "message", id: undefined, data: ["plain"] },
    ]);
  });

  test("lines of a file come whole, also the last one", () => {
    const splitter = new LineSplitter();
    expect([
      ...splitter.take("a\nb"),
      ...splitter.take("c\n"),
      ...splitter.take("d"),
      ...splitter.end(),
    ]).toEqual(["a", "bc", "d"]);
    expect(splitter.end()).toEqual([]);
  });
});

describe("the address", () => {
  test("keeps what is looked at", () => {
    const place = { at: 1_204, acquisition: "a b&c#<d>", semaphore: "näme" };
    expect(parsePlace(placeHash(place))).toEqual(place);
    expect(placeHash({ at: undefined, acquisition: undefined, semaphore: undefined })).toBe("");
    expect(parsePlace("#at=-3&id=").at).toBe(undefined);
  });

  test("loses the token, and keeps the rest", () => {
    expect(takeToken("#token=secret&at=4")).toEqual({ token: "secret", rest: "#at=4" });
    expect(takeToken("#token=secret")).toEqual({ token: "secret", rest: "" });
    expect(takeToken("")).toEqual({ token: undefined, rest: "" });
  });
});

test("the header of a source is that of an export with more; what is not known is not allowed", () => {
  const header = {
    slotstream: "history",
    version: 1,
    namespace: "n",
    source: "redis",
    live: true,
    resumed: true,
  };
  expect(parseSourceHeader(JSON.stringify(header))).toMatchObject({
    ...{ version: 1, name: "n", source: "redis", live: true, actions: false, resumed: true },
  });
  expect(() => parseSourceHeader('{"slotstream":"history","version":99}')).toThrow(/version 99/);
  expect(() => parseSourceHeader("hello")).toThrow(/not the beginning of a history/);
});

describe("time", () => {
  test("is panned and zoomed around what stays", () => {
    expect(panned({ from: 0, to: 100 }, 0.5)).toEqual({ from: 50, to: 150 });
    const { from, to } = zoomed({ from: 0, to: 1_000 }, 0.5, 0.25);
    expect([from, to]).toEqual([125, 625]);
    const least = zoomed({ from: 0, to: 1_000 }, 1e-9, 0.5);
    expect(least.to - least.from).toBeGreaterThan(1);
  });

  test("has round marks, and never too many", () => {
    for (const length of [30, 900, 60_000, 86_400_000, 3e9]) {
      const ticks = ticksOf({ from: 1_795_442_580_123, to: 1_795_442_580_123 + length }, 8, 0);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.length).toBeGreaterThan(0);
    }
    expect(ticksOf({ from: 0, to: 4_000 }, 4, 0).map(({ label }) => label)).toEqual([
      ...["00:00:00", "00:00:01", "00:00:02", "00:00:03", "00:00:04"],
    ]);
  });

  test.each([
    [0, "0"],
    [8, "8 ms"],
    [1_234, "1.2 s"],
    [42_000, "42 s"],
    [250_000, "4 m 10 s"],
    [7_500_000, "2 h 5 m"],
  ])("%i ms reads as %s", (ms, text) => {
    expect(shortDuration(ms)).toBe(text);
  });

  test("work ends when its time is over", () => {
    let now = 0;
    const hasTime = until(() => now, 10);
    expect(hasTime()).toBe(true);
    now = 11;
    const answers = Array.from({ length: 16 }, hasTime);
    expect(answers.at(-1)).toBe(false);
  });
});

test("a long id keeps its end", () => {
  expect(shortId("short")).toBe("short");
  expect(shortId("abcdefghijklmnopqrstuvwxyz-42", 18)).toMatch(/^abcd….*-42$/);
  expect(shortId("abcdefghijklmnopqrstuvwxyz-42", 18)).toHaveLength(18);
});

test("what would reverse or break a line is written out, and nothing else", () => {
  expect(visible("a\u202eb\u2066\n\u2028\u0000")).toBe("a\\u202eb\\u2066\\u000a\\u2028\\u0000");
  expect(visible("naïve 東京 שלום 🎈 <b>")).toBe("naïve 東京 שלום 🎈 <b>");
  expect(shortId("\u202ea")).toBe("\\u202ea");
});

test("the depth of a queue is the most of any span of time, as counted one by one", () => {
  const depth = new Depth();
  const steps = Array.from({ length: 1_000 }, (_, index) => ({
    at: index * 10,
    value: (index * 37) % 101,
  }));
  for (const { at, value } of steps) depth.set(at, value);
  const counted = (from: number, to: number) =>
    Math.max(
      ...steps
        .filter(({ at }, index) => at < to && (steps[index + 1]?.at ?? Infinity) > from)
        .map(({ value }) => value),
    );
  for (const [from, to] of [
    [0, 10],
    [5, 15],
    [0, 10_000],
    [123, 7_777],
    [640, 1_290],
    [9_990, 99_999],
  ] as const) {
    expect(depth.mostBetween(from, to)).toBe(counted(from, to));
  }
  expect(depth.mostBetween(-20, -10)).toBe(0);
  depth.trim(5_005);
  expect(depth.mostBetween(5_005, 10_000)).toBe(counted(5_005, 10_000));
});

test("rows keep their places for a while, and are sorted by pressure then", () => {
  const row = (name: string, pressure: number) => ({
    ...{ name, pressure, value: 1, declared: 1, held: 0, queued: 0, waits: undefined },
  });
  const order = new SteadyOrder(1_000);
  const names = (pressures: readonly number[], now: number) =>
    order
      .sort([row("a", pressures[0] ?? 0), row("b", pressures[1] ?? 0)], now)
      .map(({ name }) => name);
  expect(names([1, 2], 0)).toEqual(["b", "a"]);
  expect(names([3, 2], 500)).toEqual(["b", "a"]);
  expect(names([3, 2], 1_000)).toEqual(["a", "b"]);
  order.reset();
  expect(names([3, 4], 1_001)).toEqual(["b", "a"]);
  expect([row("b", 1), row("a", 1)].sort(byPressure).map(({ name }) => name)).toEqual(["a", "b"]);
});

describe("of a recorded history", () => {
  test("a filter lists what a loop over all events would, also as more come, and after some went", async () => {
    const history = await recorded(60);
    const { timeline } = modelOf(history);
    const [id = ""] = timeline.events.flatMap((event) =>
      "acquisition" in event ? [event.acquisition] : [],
    );
    const filters = [
      { ...NO_FILTER, types: ["granted"] as const },
      { ...NO_FILTER, semaphore: "gpu" },
      { ...NO_FILTER, acquisition: id },
      { ...NO_FILTER, text: '  JOB="IMAGE' },
      { ...NO_FILTER, types: ["released"] as const, semaphore: "thumbnails", text: "web-1" },
      NO_FILTER,
    ];
    for (const filter of filters) {
      const filtered = new Filtered(filter, timeline);
      while (!filtered.goOn(once()));
      const expected = timeline.events.filter((event) => {
        const { types, semaphore, acquisition, text } = filter;
        const about = { semaphore: undefined, acquisition: undefined, ...event };
        return (
          (types.length === 0 || types.some((type) => type === event.type)) &&
          (semaphore === "" || about.semaphore === semaphore) &&
          (acquisition === "" || about.acquisition === acquisition) &&
          describeEvent(event).toLowerCase().includes(text.trim().toLowerCase())
        );
      });
      const listed = Array.from({ length: filtered.length }, (_, row) => filtered.seqIn(row));
      expect(listed).toEqual(expected.map(({ seq }) => seq));
      expect(listed.length).toBeGreaterThan(0);
      expect(filtered.countUpTo(500)).toBe(expected.filter(({ seq }) => seq <= 500).length);
      filtered.trim(500);
      expect(
        filter === NO_FILTER || filtered.length === expected.filter(({ seq }) => seq > 500).length,
      ).toBe(true);
    }
  });

  test("every hold is found where it is drawn", async () => {
    const { timeline, lanes } = modelOf(await recorded(60));
    const groups = groupsOf(lanes, timeline.head, undefined);
    expect(groups.map(({ track }) => track.name)).toEqual([...lanes.tracks.keys()].sort());
    expect(heightOf(groups)).toBeGreaterThan(200);
    let found = 0;
    for (const { track, y, rowHeight } of groups) {
      for (const span of track.lanes.flat()) {
        const row = y + TITLE_HEIGHT + (span.slot + 0.5) * rowHeight;
        const middle = span.to === Infinity ? span.from + 1 : (span.from + span.to) / 2;
        expect(spanAt(groups, row, middle, 0)).toBe(span);
        found++;
      }
      expect(spanAt(groups, y + 2, timeline.head.at, 0)).toBe(undefined);
    }
    expect(found).toBeGreaterThan(200);
    expect(groupsOf(lanes, timeline.head, "gpu")).toHaveLength(1);
  });

  test("playing goes through all events in order, at the chosen speed, and ends", async () => {
    const { timeline } = modelOf(await recorded(20));
    const player = new Player();
    player.speed = 4;
    const [first] = timeline.events;
    player.start(first?.at ?? 0, 0);
    let seq = timeline.start;
    let now = 0;
    for (;;) {
      now += 16;
      const next = player.next(timeline, seq, now);
      if (next === undefined) break;
      expect(next).toBeGreaterThanOrEqual(seq);
      seq = next;
    }
    expect(seq).toBe(timeline.end);
    const lasted = timeline.head.at - (first?.at ?? 0);
    expect(now).toBeLessThanOrEqual(lasted / 4 + 100);
    expect(now).toBeGreaterThan(lasted / 16);
  });
});

/** Time for one step. */
function once() {
  let isFirst = true;
  return () => {
    const result = isFirst;
    isFirst = false;
    return result;
  };
}
