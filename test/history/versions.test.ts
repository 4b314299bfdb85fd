/** What an older version wrote becomes what today's code knows, step by step. */

import { expect, test } from "vitest";
import { HISTORY_VERSION, isReadable, type Upcast, upcast } from "../../src/history/versions.js";

const noted = (to: number): Upcast => ({
  event: (event) => `${String(event)} e${to}`,
  command: (command) => `${String(command)} c${to}`,
  state: (state) => `${String(state)} s${to}`,
});

test("from its version to today's, in order", () => {
  const upcasts = [noted(2), noted(3), noted(4)];
  expect(upcast("event", "old", 1, upcasts)).toBe("old e2 e3 e4");
  expect(upcast("command", "old", 3, upcasts)).toBe("old c4");
  expect(upcast("state", "new", 4, upcasts)).toBe("new");
});

test("what is of today's version stays as it is", () => {
  const event = { seq: 1 };
  expect(upcast("event", event, HISTORY_VERSION)).toBe(event);
  expect(upcast("event", event)).toBe(event);
});

test("versions up to today's can be read, and nothing else is one", () => {
  expect(isReadable(1)).toBe(true);
  expect(isReadable(HISTORY_VERSION)).toBe(true);
  for (const other of [0, HISTORY_VERSION + 1, 1.5, "1", null, undefined]) {
    expect(isReadable(other)).toBe(false);
  }
});
