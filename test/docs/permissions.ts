/** The line of the guide that makes a user with the least rights. */

import { blocksOf } from "./blocks.js";

/** In one line, as Redis wants it. */
export function aclLine(): string {
  const lines = blocksOf("docs/guides/permissions.md").map(({ code }) => code);
  const line = lines.find((code) => code.startsWith("ACL SETUSER"));
  if (line === undefined) throw new Error("the guide has no line that begins with ACL SETUSER");
  return line.trim().replace(/\s+/g, " ");
}
