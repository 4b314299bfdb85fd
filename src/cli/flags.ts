/** The options that several commands have, and how values are read from them. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "./duration.js";

/** Where a fleet is. */
export interface RedisFlags {
  /** A URL; empty or missing: there is none. */
  readonly redis?: string;
  readonly namespace?: string;
}

export interface ReportFlags extends RedisFlags {
  readonly json?: true;
}

export function redisFlag(description: string): Option {
  return new Option("--redis <url>", description).env("SLOTSTREAM_REDIS_URL");
}

export function namespaceFlag(): Option {
  const description = "which of the fleets on this Redis (default: slotstream)";
  return new Option("--namespace <name>", description);
}

/** A command that looks at a fleet, or changes it, from outside. */
export function fleetCommand(program: Command, usage: string, summary: string): Command {
  return program
    .command(usage)
    .summary(summary)
    .helpOption("-h, --help", "show this help")
    .addOption(redisFlag("where the fleet's Redis is, like redis://host:6379"))
    .addOption(namespaceFlag());
}

/** Of a command that intervenes. */
export function operatorFlag(): Option {
  return new Option("--operator <name>", "who does it, for the history");
}

export function durationFlag(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseDuration);
}

export function countFlag(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string) => {
    if (isWhole(text) && Number(text) > 0) return Number(text);
    throw new InvalidArgumentError("It must be a whole number, from 1 on.");
  });
}

/** A name or an id. */
export function textFlag(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseText);
}

/** @throws InvalidArgumentError */
export function parseText(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("It must not be empty.");
}

export function isWhole(text: string): boolean {
  return /^\d+$/.test(text);
}
