import { defineConfig } from "vitest/config";

// Two projects: `fast` needs neither a build nor processes, `whole` runs what users run.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.whole.test.ts"],
        },
      },
      {
        test: {
          name: "whole",
          include: ["test/**/*.whole.test.ts"],
          testTimeout: 60_000,
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
