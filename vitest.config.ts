import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const CORES = availableParallelism();

// A test that hangs fails by this; one that works may take long, on a busy machine or where coverage is taken.
const testTimeout = 60_000;

const WHOLE = "test/**/*.whole.test.ts";
const MODEL = "test/model/*.whole.test.ts";
const SIMULATION = "test/simulation/*.whole.test.ts";

// `fast` needs neither a build nor processes, the others run what users run. One project after the other.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [WHOLE],
          testTimeout,
          // What is loaded once and has become fast serves many files: half the time.
          isolate: false,
          maxWorkers: CORES,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "whole",
          include: [WHOLE],
          exclude: [MODEL, SIMULATION],
          testTimeout,
          // They mostly wait, for processes that start and deadlines that pass.
          maxWorkers: CORES + 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "worlds",
          include: [MODEL, SIMULATION],
          testTimeout,
          // They need all cores, or try for a while what they can.
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["src/core/**"],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
