/** docker-compose.yml and the Dockerfile, and how to run without Docker what they say. */

import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { temporaryFolder } from "../cli/support.js";
import { CHECKOUT } from "./support.js";

export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly restart?: string;
  readonly init?: boolean;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly deploy?: { readonly replicas: number };
  readonly profiles?: readonly string[];
}

export interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<"redis" | "reconciler" | "worker" | "cli", Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const compose: Compose = parse(textOf("docker-compose.yml"), { merge: true });

/** Its instructions, one a line. */
export const dockerfile = textOf("Dockerfile")
  .split("\n")
  .filter((line) => /^[A-Z]/.test(line));

/** What a container of the service runs. */
export function commandOf({ entrypoint, command = [] }: Service): string[] {
  return [...(entrypoint ?? imageEntrypoint()), ...command];
}

/** The command of a health check. */
export function healthCheckOf({ healthcheck }: Service): string[] {
  const [kind, ...command] = healthcheck?.test ?? [];
  return kind === "CMD-SHELL" ? ["sh", "-c", ...command] : command;
}

/** `--appendonly yes …` as a configuration. */
export function redisConfiguration(): Record<string, string> {
  const [, ...args] = compose.services.redis.command ?? [];
  const pairs = args.flatMap((name, i) =>
    i % 2 === 0 ? [[name.slice(2), args[i + 1] ?? ""]] : [],
  );
  return Object.fromEntries(pairs);
}

/** A folder with all that the image has, and no package that only development needs. */
export function unpackedImage(): string {
  const folder = temporaryFolder();
  for (const path of copied()) {
    if (path !== "node_modules")
      cpSync(join(CHECKOUT, path), join(folder, path), { recursive: true });
  }
  mkdirSync(join(folder, "node_modules"));
  const { dependencies } = JSON.parse(textOf("package.json"));
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(CHECKOUT, "node_modules", name), join(folder, "node_modules", name));
  }
  return folder;
}

/** What the image's last stage copies. */
export function copied(): string[] {
  const lastStage = dockerfile.slice(dockerfile.findLastIndex((line) => line.startsWith("FROM ")));
  return lastStage
    .filter((line) => line.startsWith("COPY "))
    .map((line) => line.split(" ").at(-2)?.replace("/app/", "") ?? "");
}

/** What the image's stages copy from the folder that it is built in. */
export function copiedFromContext(): string[] {
  return dockerfile
    .filter((line) => line.startsWith("COPY ") && !line.includes("--from="))
    .flatMap((line) => line.split(" ").slice(1, -1));
}

/** What .dockerignore lets through, all else being left out. */
export function sentToDocker(): string[] {
  const lines = textOf(".dockerignore").split("\n");
  return lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
}

export function isThere(path: string): boolean {
  return existsSync(join(CHECKOUT, path));
}

function imageEntrypoint(): string[] {
  const line = dockerfile.find((line) => line.startsWith("ENTRYPOINT "));
  return JSON.parse(line?.slice("ENTRYPOINT ".length) ?? "[]");
}

function textOf(path: string): string {
  return readFileSync(join(CHECKOUT, path), "utf8");
}
