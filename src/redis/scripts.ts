/** The Lua scripts, read once. The server knows them by their hash; if it forgot one, it is sent anew. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { codeOf } from "./failures.js";
import type { Life } from "./life.js";

export class Script {
  private readonly text: string;
  private readonly sha: string;

  constructor(name: string) {
    this.text = read(name);
    this.sha = createHash("sha1").update(this.text).digest("hex");
  }

  async run(
    life: Life,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await life.call("EVALSHA", [this.sha, ...rest]);
    } catch (error) {
      if (codeOf(error) !== "NOSCRIPT") throw error;
      return await life.call("EVAL", [this.text, ...rest]);
    }
  }
}

/** After its first line, which has the flags, a script gets what all scripts share. */
function read(name: string): string {
  const text = load(name);
  const end = text.indexOf("\n") + 1;
  return text.slice(0, end) + load("shared") + text.slice(end);
}

function load(name: string): string {
  return readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), "utf8");
}
