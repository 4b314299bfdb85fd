/** Every trace still tells the same story. `UPDATE_TRACES=1` writes the outputs anew: read the diff. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runTrace } from "../support/trace.js";

const folder = new URL(".", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".txt"));

describe("a trace", () => {
  test.each(files)("%s", (file) => {
    const path = new URL(file, folder);
    const recorded = readFileSync(path, "utf8");
    const today = runTrace(recorded);
    if (process.env.UPDATE_TRACES) writeFileSync(path, today);
    else expect(today).toBe(recorded);
  });

  test.each(files)("%s begins with what it shows", (file) => {
    const [title = ""] = readFileSync(new URL(file, folder), "utf8").split("\n");
    expect(title).toMatch(/^# .{20,}/);
  });
});
