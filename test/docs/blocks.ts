/** Finds the code blocks of the documentation, and a project to run them in, set up as a user's is. */

import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

/** Long enough for any machine; what never ends is found out. */
const PATIENCE_MS = 20_000;

export interface Block {
  /** E.g. `README.md:12`, to find it again. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Paths of all pages, relative to the checkout. */
export function pages(): string[] {
  const docs = readdirSync(join(CHECKOUT, "docs"), { recursive: true, encoding: "utf8" });
  const found = docs.filter((path) => path.endsWith(".md")).map((path) => join("docs", path));
  return ["README.md", ...found.sort()];
}

export function textOf(page: string): string {
  return readFileSync(join(CHECKOUT, page), "utf8");
}

export function blocksOf(page: string): Block[] {
  const text = textOf(page);
  return [...text.matchAll(/^```(\S*)\n(.*?)^```$/gms)].map(({ index, 1: language, 2: code }) => ({
    place: `${page}:${text.slice(0, index).split("\n").length}`,
    language: language ?? "",
    code: code ?? "",
  }));
}

/** Where the pages say that Redis is. */
const REDIS = "localhost:6379";

export function needsRedis({ code }: Block): boolean {
  return code.includes(REDIS);
}

/** The code as it is for a server at another place. */
export function onServer(code: string, { port }: { readonly port: number }): string {
  return code.replaceAll(REDIS, `127.0.0.1:${port}`);
}

/** What the comments behind `console.log(…);` promise, from top to bottom. */
export function promisedLines(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map(([, line = ""]) => line);
}

/** A project that has installed slotstream, ioredis and what the examples need. */
export class UserProject implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "slotstream-docs-"));

  /** @param more packages that it has installed besides */
  constructor(more: readonly string[] = []) {
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(CHECKOUT, join(this.folder, "node_modules/slotstream"));
    const usual = ["@opentelemetry", "@types", "@statelyai", "ioredis", "xstate"];
    for (const name of [...usual, ...more]) {
      symlinkSync(join(CHECKOUT, "node_modules", name), join(this.folder, "node_modules", name));
    }
    this.write("package.json", JSON.stringify({ type: "module" }));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  node(...argv: string[]): Promise<Ended> {
    return this.run(process.execPath, argv);
  }

  tsc(...argv: string[]): Promise<Ended> {
    return this.run(join(CHECKOUT, "node_modules/.bin/tsc"), argv);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  private run(file: string, argv: readonly string[]): Promise<Ended> {
    return new Promise((resolve) => {
      const options = { cwd: this.folder, timeout: PATIENCE_MS };
      const child = execFile(file, argv, options, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  }
}
