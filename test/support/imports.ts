/** Which file imports which, and what the layers of the house say about it (docs: DESIGN, "The house"). */

import { posix } from "node:path";
import { parse, type Source, visit } from "./sources.js";

export interface Import {
  readonly from: string;
  /** A path below `src`, or the name of a package. */
  readonly to: string;
  /** Erased by the compiler. */
  readonly typeOnly: boolean;
}

/** What stands further down may import what stands further up; what shares a line may not import one another. */
const LAYERS = [
  ["core"],
  ["history-port.ts"],
  ["ports.ts", "errors.ts"],
  ["telemetry.ts"],
  ["lazy-alarm.ts", "rest.ts", "message-ids.ts", "history-ids.ts", "log-time.ts", "decode.ts"],
  ["session", "reconciler", "history"],
  ["memory", "redis"],
  ["semaphore"],
  ["index.ts", "testing.ts"],
  ["metrics"],
  ["inspector"],
  ["cli"],
];

/** Static and dynamic imports, re-exports, and `import("…")` in types. */
export function importsOf(source: Source): Import[] {
  const { module, program } = parse(source);
  const found: [specifier: string, typeOnly: boolean][] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every(({ isType }) => isType);
    found.push([moduleRequest.value, typeOnly]);
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) found.push([moduleRequest.value, isType]);
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    found.push([source.text.slice(moduleRequest.start, moduleRequest.end).slice(1, -1), false]);
  }
  visit(program, ({ type, source: of }) => {
    if (type === "TSImportType") found.push([String(Object(of).value), true]);
  });
  return found.map(([specifier, typeOnly]) => ({
    from: source.path,
    to: resolve(source.path, specifier),
    typeOnly,
  }));
}

/** What the layers forbid about an import; `undefined` if they allow it. */
export function objectionTo({ from, to }: Import): string | undefined {
  const [here, there] = [folderOf(from), folderOf(to)];
  if (isPackage(to)) {
    return here === "core" && to !== "xstate" ? `${from} imports ${to}: core is pure` : undefined;
  }
  if (here === there) return undefined;
  if (layerOf(here) < 0) return `${here} is in no layer`;
  if (layerOf(there) < 0) return `${there} is in no layer`;
  if (layerOf(here) > layerOf(there)) return undefined;
  return `${from} imports ${to}: ${here} does not stand above ${there}`;
}

/** Files that import each other in a circle when they are loaded, as `a → b → a`. */
export function cyclesIn(imports: readonly Import[]): string[] {
  const loads = imports.filter(({ typeOnly, to }) => !typeOnly && !isPackage(to));
  const cycles: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    } else if (!done.has(file)) {
      for (const { from, to } of loads) if (from === file) follow(to, [...path, file]);
      done.add(file);
    }
  };
  for (const { from } of loads) follow(from, []);
  return cycles;
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}

function isPackage(to: string): boolean {
  return !to.endsWith(".ts");
}

/** The folder directly below `src`, or the file itself if it stands there. */
function folderOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function layerOf(folder: string): number {
  return LAYERS.findIndex((layer) => layer.includes(folder));
}
