/** The `slotstream` command as a tree of its subcommands, one file each. */

import { readFileSync } from "node:fs";
import { Command } from "commander";
import { registerExport } from "./export.js";
import { registerHistory } from "./history.js";
import { registerHolders } from "./holders.js";
import { registerImport } from "./import.js";
import { registerInspect } from "./inspect.js";
import { registerMachine } from "./machine.js";
import { print } from "./output.js";
import { registerReconciler } from "./reconciler.js";
import { registerReplay } from "./replay.js";
import { registerResize } from "./resize.js";
import { registerRevoke } from "./revoke.js";
import { registerRun } from "./run.js";
import { registerStats } from "./stats.js";
import { registerVerify } from "./verify.js";
import { registerWaiters } from "./waiters.js";
import { registerWatch } from "./watch.js";
import { registerWhy } from "./why.js";

const manifest: { description: string; version: string } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);

/** What it is asked for is in `process.exitCode`, or thrown: see `complain()`. */
export function createProgram(): Command {
  const program = new Command("slotstream")
    .description(manifest.description)
    .version(manifest.version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .addHelpText("after", "\nSee slotstream <command> --help for examples and exit statuses.")
    .configureHelp({ helpWidth: 80 })
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: print, outputError: () => undefined });
  registerRun(program);
  registerStats(program);
  registerHolders(program);
  registerWaiters(program);
  registerWatch(program);
  registerWhy(program);
  registerHistory(program);
  registerReplay(program);
  registerExport(program);
  registerImport(program);
  registerVerify(program);
  registerInspect(program);
  registerMachine(program);
  registerRevoke(program);
  registerResize(program);
  registerReconciler(program);
  return program;
}
