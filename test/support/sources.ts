/** The source files of the library, parsed. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EcmaScriptModule, parseSync, visitorKeys } from "oxc-parser";

const ROOT = fileURLToPath(new URL("../../src", import.meta.url));

export interface Source {
  /** Below `src`, e.g. `core/decide.ts`. */
  readonly path: string;
  readonly text: string;
}

/** A node of the syntax tree, of which only the type is known. */
export type SyntaxNode = { readonly type: string } & Readonly<Record<string, unknown>>;

export function sourceFiles(): Source[] {
  return readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** @throws Error if the source is not TypeScript. */
export function parse({ path, text }: Source): { module: EcmaScriptModule; program: SyntaxNode } {
  const { module, program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error) throw new Error(`${path}: ${error.message}`);
  return { module, program: { ...program } };
}

/** Calls back for a node and all below it, with what each is part of. */
export function visit(
  node: SyntaxNode,
  enter: (node: SyntaxNode, parent: SyntaxNode | undefined, key: string) => void,
  parent?: SyntaxNode,
  key = "",
): void {
  enter(node, parent, key);
  for (const name of visitorKeys[node.type] ?? []) {
    const child = node[name];
    for (const below of Array.isArray(child) ? child : [child]) {
      if (isNode(below)) visit(below, enter, node, name);
    }
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
  );
}
