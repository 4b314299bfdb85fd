#!/usr/bin/env node
/** The `slotstream` command: registers its subcommands, one file each, and reports what goes wrong. */

import { readFileSync } from "node:fs";
import { Command } from "commander";
import { complain } from "./complain.js";
import { print } from "./output.js";
import { registerRun } from "./run.js";

const manifest: { description: string; version: string } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);

const program = new Command("slotstream")
  .description(manifest.description)
  .version(manifest.version, "-V, --version", "show the version")
  .helpOption("-h, --help", "show this help")
  .addHelpText("after", "\nSee slotstream <command> --help for examples and exit statuses.")
  .enablePositionalOptions()
  .exitOverride()
  .configureOutput({ writeOut: print, outputError: () => undefined });

registerRun(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = complain(error);
}
