/** What belongs in adapters only: the clock, chance, timers, the process. Found in the syntax tree, not by text. */

import { importsOf } from "./imports.js";
import { parse, type Source, type SyntaxNode, visit } from "./sources.js";

/** Folders that may use what is banned elsewhere. */
const ADAPTERS = ["memory", "redis", "metrics", "cli", "inspector"];

const GLOBALS = new Set([
  ...["Date", "performance", "process", "global", "globalThis", "crypto", "eval"],
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
  ...["clearTimeout", "clearInterval", "clearImmediate"],
  ...["randomUUID", "randomBytes", "randomInt", "getRandomValues"],
]);

/** Built-in modules that have no clock, chance or timer of their own. */
const PURE_MODULES = new Set([
  "node:crypto",
  "node:diagnostics_channel",
  "node:events",
  "node:util",
]);

export function isAdapter(path: string): boolean {
  return ADAPTERS.some((folder) => path.startsWith(`${folder}/`));
}

/** What is banned and yet used, as `path:line: what`. */
export function banned(source: Source): string[] {
  const modules = importsOf(source)
    .filter(({ to }) => to.startsWith("node:") && !PURE_MODULES.has(to))
    .map(({ to }) => `${source.path}: ${to}`);
  const uses: string[] = [];
  visit(parse(source).program, (node, parent, key) => {
    const what = bannedUse(node, parent, key);
    const { start } = node;
    const line = source.text.slice(0, Number(start)).split("\n").length;
    if (what) uses.push(`${source.path}:${line}: ${what}`);
  });
  return [...modules, ...uses];
}

function bannedUse(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  key: string,
): string | undefined {
  if (node.type !== "Identifier" || !parent || !isReference(parent, key)) return undefined;
  const name = String(node.name);
  if (GLOBALS.has(name)) return name;
  return name === "Math" && mayBeRandom(parent) ? "Math.random" : undefined;
}

/** Not a mere name of a property, nor part of a type. */
function isReference(parent: SyntaxNode, key: string): boolean {
  if (parent.type === "TSTypeQuery" || parent.type === "TSQualifiedName") return false;
  if (parent.type === "ImportSpecifier" || parent.type === "TSTypeReference") return false;
  return parent.computed !== false || (key !== "property" && key !== "key");
}

/** `Math.max` is not; `Math.random`, `Math[name]` and `Math` itself are. */
function mayBeRandom(parent: SyntaxNode): boolean {
  if (parent.type !== "MemberExpression" || parent.computed) return true;
  return Object(parent.property).name === "random";
}
