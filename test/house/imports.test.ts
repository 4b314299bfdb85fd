/** A folder imports only from those before it, so that each can be read without the next. */

import { describe, expect, test } from "vitest";
import { cyclesIn, importsOf, objectionTo } from "../support/imports.js";
import { sourceFiles } from "../support/sources.js";

const imports = sourceFiles().flatMap(importsOf);

describe("the house", () => {
  test("imports downwards only", () => {
    expect(imports.length).toBeGreaterThan(30);
    expect(imports.map(objectionTo).filter((objection) => objection !== undefined)).toEqual([]);
  });

  test("has no circles", () => {
    expect(cyclesIn(imports)).toEqual([]);
  });

  test("imports nothing that is not there", () => {
    const files = new Set(sourceFiles().map(({ path }) => path));
    expect(imports.filter(({ to }) => to.endsWith(".ts") && !files.has(to))).toEqual([]);
  });
});

describe("an import is found", () => {
  test.each([
    ["of a name", 'import { a } from "../b.js";', false],
    ["of a type", 'import type { A } from "../b.js";', true],
    ["of types by name", 'import { type A, type B } from "../b.js";', true],
    ["of a type beside a value", 'import { type A, b } from "../b.js";', false],
    ["of a default", 'import b from "../b.js";', false],
    ["of all", 'import * as b from "../b.js";', false],
    ["for its effect", 'import "../b.js";', false],
    ["as a re-export", 'export { a } from "../b.js";', false],
    ["as a re-export of all", 'export * from "../b.js";', false],
    ["as a re-export of a type", 'export type { A } from "../b.js";', true],
    ["at run time", 'const b = await import("../b.js");', false],
    ["in a type", 'type A = import("../b.js").A;', true],
  ])("%s: %s", (_how, text, typeOnly) => {
    expect(importsOf({ path: "core/x/a.ts", text })).toEqual([
      { from: "core/x/a.ts", to: "core/b.ts", typeOnly },
    ]);
  });
});

describe("an objection is made", () => {
  const made = (path: string, specifier: string) =>
    importsOf({ path, text: `import "${specifier}";` }).map(objectionTo);

  test.each([
    ["core/a.ts", "../ports.js", "core/a.ts imports ports.ts: core does not stand above ports.ts"],
    ["core/a.ts", "node:crypto", "core/a.ts imports node:crypto: core is pure"],
    ["core/a.ts", "nanoid", "core/a.ts imports nanoid: core is pure"],
    ["session/a.ts", "../reconciler/b.js", "session does not stand above reconciler"],
    ["reconciler/a.ts", "../session/b.js", "reconciler does not stand above session"],
    ["history/a.ts", "../session/b.js", "history does not stand above session"],
    ["session/a.ts", "../memory/b.js", "session does not stand above memory"],
    ["memory/a.ts", "../redis/b.js", "memory does not stand above redis"],
    ["semaphore/a.ts", "../index.js", "semaphore does not stand above index.ts"],
    ["index.ts", "./cli/main.js", "index.ts does not stand above cli"],
    ["attic/a.ts", "../core/b.js", "attic is in no layer"],
    ["cli/a.ts", "../attic/b.js", "attic is in no layer"],
  ])("%s imports %s", (path, specifier, objection) => {
    expect(made(path, specifier)).toEqual([expect.stringContaining(objection)]);
  });

  test.each([
    ["core/a.ts", "xstate"],
    ["core/a.ts", "./b.js"],
    ["session/a.ts", "../ports.js"],
    ["memory/a.ts", "../history/b.js"],
    ["semaphore/a.ts", "nanoid"],
    ["cli/a.ts", "../index.js"],
  ])("but not when %s imports %s", (path, specifier) => {
    expect(made(path, specifier)).toEqual([undefined]);
  });
});

describe("a circle", () => {
  const circle = (text: string) =>
    cyclesIn([
      ...importsOf({ path: "core/a.ts", text: 'import "./b.js";' }),
      ...importsOf({ path: "core/b.ts", text: 'import "./c.js"; import "xstate";' }),
      ...importsOf({ path: "core/c.ts", text }),
    ]);

  test("is named by its files", () => {
    expect(circle('export * from "./b.js";')).toEqual(["core/b.ts → core/c.ts → core/b.ts"]);
  });

  test("is none if it is of types only, for the compiler erases them", () => {
    expect(circle('import type { A } from "./a.js";')).toEqual([]);
  });
});
