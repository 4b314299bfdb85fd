/** The small parts of `slotstream watch`: keys, layout, rates, what it may ask, what it writes. */

import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { columns, cut, fill, wrap } from "../../src/cli/watch/cells.js";
import { EventRate } from "../../src/cli/watch/event-rate.js";
import { FullScreen } from "../../src/cli/watch/full-screen.js";
import { keysOf } from "../../src/cli/watch/keys.js";
import { partOf, stack } from "../../src/cli/watch/layout.js";
import { byPressure, neighbour } from "../../src/cli/watch/model.js";
import { commandsAStateTakes, Pace } from "../../src/cli/watch/pace.js";
import { wantsColour } from "../../src/cli/watch/paint.js";
import { VirtualTerminal } from "./watch-terminal.js";

describe("cells", () => {
  test.each([
    ["deploy", 10, "deploy"],
    ["deploy", 6, "deploy"],
    ["deploy", 5, "depl…"],
    ["deploy", 1, "…"],
    ["deploy", 0, ""],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["e\u0301te\u0301", 2, "e\u0301…"],
  ])("%s in %i columns is %s", (text, width, expected) => {
    expect(cut(text, width)).toBe(expected);
  });

  test("a text of any length is cut without being read to its end", () => {
    // Its end would be reached long after the time for a test.
    expect(cut("x".repeat(50_000_000), 10)).toBe("xxxxxxxxx…");
  });

  test("are filled on either side", () => {
    expect([fill("日本", 6), fill("日本", 6, "right"), fill("日本語", 4)]).toEqual([
      "日本  ",
      "  日本",
      "日… ",
    ]);
  });

  test("stand in columns", () => {
    expect(
      columns(
        [
          ["0", "日本", "x"],
          ["10", "e", ""],
        ],
        10,
      ),
    ).toEqual(["0   日本  x", "10  e"]);
    expect(columns([["abcdef", "x"]], 4)).toEqual(["abc…  x"]);
    expect(columns([], 4)).toEqual([]);
  });

  test("wrap between words", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("incomprehensible", 5)).toEqual(["inco…"]);
    expect(wrap("", 5)).toEqual([""]);
  });
});

describe("keys", () => {
  test.each([
    ["q", ["quit"]],
    ["\u0003", ["quit"]],
    ["\u001a", ["suspend"]],
    ["jk\u001b[A\u001b[B\u001bOA\u001bOB", ["down", "up", "up", "down", "up", "down"]],
    ["p ?h", ["pause", "pause", "help", "help"]],
    ["xyz1日\n", []],
    ["\u001b[5~\u001b[1;2P\u001bq\u001b", []],
    ["\u001b[5~q", ["quit"]],
  ])("%j means %j", (text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });
});

describe("layout", () => {
  const section = (name: string, wants: number) => ({
    wants,
    lines: (rows: number) => Array.from({ length: rows }, () => name),
  });
  const shared = (rows: number, ...wants: number[]) => {
    const names = [..."abcd"];
    const lines = stack(
      wants.map((want, index) => section(names[index] ?? "", want)),
      rows,
    );
    return wants.map((_, index) => lines.filter((line) => line === names[index]).length);
  };

  test.each([
    [20, [3, 3, 3, 100], [3, 3, 3, 11]],
    [12, [9, 9, 9, 9], [3, 3, 3, 3]],
    [8, [9, 9, 9, 9], [2, 2, 2, 2]],
    [5, [9, 9, 9, 9], [3, 2, 0, 0]],
    [5, [9, 0, 1, 9], [2, 0, 1, 2]],
    [1, [9, 9, 9, 9], [0, 0, 0, 0]],
    [0, [9, 9, 9, 9], [0, 0, 0, 0]],
    [100, [1, 2, 3, 4], [1, 2, 3, 4]],
  ])("%i rows for sections that want %j", (rows, wants, given) => {
    expect(shared(rows, ...wants)).toEqual(given);
  });

  test("a part of a list", () => {
    const list = [..."abcdef"];
    expect(partOf(list, 6)).toEqual({ items: list, more: 0 });
    expect(partOf(list, 3)).toEqual({ items: ["a", "b"], more: 4 });
    expect(partOf(list, 3, 1)).toEqual({ items: ["a", "b"], more: 4 });
    expect(partOf(list, 3, 2)).toEqual({ items: ["b", "c"], more: 4 });
    expect(partOf(list, 3, 5)).toEqual({ items: ["e", "f"], more: 4 });
    expect(partOf(list, 1, 4)).toEqual({ items: ["e"], more: 0 });
  });
});

describe("pressure", () => {
  const named = (name: string, held: number, slots: number, queued: number) => {
    return { name, held, slots, queued };
  };

  test("is what is wanted for each slot; paused ones with a queue come first", () => {
    const all = [
      named("half", 5, 10, 0),
      named("long queue", 10, 10, 5),
      named("b full", 1, 1, 0),
      named("a full", 2, 2, 0),
      named("longer queue", 1, 1, 1),
      named("paused", 0, 0, 1),
      named("idle", 0, 0, 0),
    ];
    expect(byPressure(all).map(({ name }) => name)).toEqual([
      ...["paused", "longer queue", "long queue", "a full", "b full", "half", "idle"],
    ]);
  });

  test("has neighbours, but not beyond the ends", () => {
    const semaphores = ["a", "b", "c"].map((name) => named(name, 1, 1, 0));
    const step = (chosen: string | undefined, by: 1 | -1) => neighbour({ semaphores, chosen }, by);
    expect([step("a", 1), step("c", 1), step("a", -1), step("c", -1)]).toEqual([
      "b",
      "c",
      "a",
      "b",
    ]);
    expect([step("gone", 1), step(undefined, -1)]).toEqual(["a", "a"]);
    expect(neighbour({ semaphores: [], chosen: "gone" }, 1)).toBe("gone");
  });
});

describe("events a second", () => {
  test("count within the last three seconds", () => {
    const rate = new EventRate();
    expect(rate.value).toBeUndefined();
    rate.add(0, 1_000);
    expect(rate.value).toBeUndefined();
    rate.add(1_000, 1_010);
    expect(rate.value).toBe(10);
    for (let at = 2_000; at <= 10_000; at += 1_000) rate.add(at, 1_010);
    expect(rate.value).toBe(0);
  });

  test("begin anew with another history", () => {
    const rate = new EventRate();
    rate.add(0, 1_000);
    rate.add(1_000, 5);
    expect(rate.value).toBeUndefined();
    rate.add(2_000, 7);
    expect(rate.value).toBe(2);
  });
});

describe("the state is read the less often the more there is", () => {
  test.each([
    [{ semaphores: 3, acquisitions: 20 }, 5],
    [{ semaphores: 10_000, acquisitions: 100_000 }, 422],
  ])("of %j it takes %i commands", (counts, commands) => {
    expect(commandsAStateTakes(counts)).toBe(commands);
  });

  test("so that it takes no more than 24 commands a second", () => {
    const pace = new Pace();
    expect(pace.isDue(0)).toBe(true);
    pace.spend(240, 0);
    expect([pace.isDue(9_999), pace.isDue(10_000)]).toEqual([false, true]);
  });
});

test.each([
  [{}, true],
  [{ NO_COLOR: "" }, true],
  [{ NO_COLOR: "1" }, false],
  [{ TERM: "dumb" }, false],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true],
  [{ TERM: "dumb", FORCE_COLOR: "" }, true],
  [{ FORCE_COLOR: "0" }, false],
  [{ FORCE_COLOR: "false" }, false],
])("with %j colours are wanted: %s", (environment, wanted) => {
  expect(wantsColour(environment)).toBe(wanted);
});

describe("the screen", () => {
  class Output extends EventEmitter {
    readonly terminal = new VirtualTerminal(20, 4);
    columns: number | undefined = 20;
    rows: number | undefined = 4;
    writes = 0;

    write(text: string): boolean {
      this.writes++;
      this.terminal.write(text);
      return true;
    }
  }

  function entered() {
    const output = new Output();
    const told: string[] = [];
    const screen = new FullScreen(output, undefined, {
      redraw: () => told.push("redraw"),
      typed: () => told.push("typed"),
      gone: () => told.push("gone"),
    });
    screen.enter();
    output.writes = 0;
    return { output, screen, told };
  }

  test("is written to once a frame, and not if nothing has changed", () => {
    const { output, screen } = entered();
    screen.show(["one", "two", "x".repeat(20)]);
    expect(output.writes).toBe(1);
    screen.show(["one", "two", "x".repeat(20)]);
    expect(output.writes).toBe(1);
    screen.show(["one", "2", "x".repeat(20), "four"]);
    expect(output.writes).toBe(2);
    expect(output.terminal.text).toBe(`one\n2\n${"x".repeat(20)}\nfour`);
  });

  test("is drawn anew when the window changes", () => {
    const { output, screen, told } = entered();
    screen.show(["one", "two"]);
    output.emit("resize");
    expect(told).toEqual(["redraw"]);
    expect(output.terminal.text).toBe("");
    screen.show(["one", "two"]);
    expect(output.terminal.text).toBe("one\ntwo");
  });

  test("has the usual size where the terminal says none", () => {
    const { output, screen } = entered();
    [output.columns, output.rows] = [0, undefined];
    expect(screen.size).toEqual({ columns: 80, rows: 24 });
  });

  test("is left once, and then nothing is drawn any more", () => {
    const { output, screen } = entered();
    screen.show(["one"]);
    screen.leave();
    screen.leave();
    screen.show(["two"]);
    expect(output.terminal).toMatchObject({ alternate: undefined, cursor: true, wraps: true });
    expect(output.terminal.text).toBe("");
    expect(output.writes).toBe(2);
  });

  test("says when nobody sees it any more", () => {
    const { output, told } = entered();
    output.emit("error", new Error("EIO"));
    expect(told).toEqual(["gone"]);
  });
});
