/** `slotstream machine`: the state machine of an acquisition, for documents and other tools. */

import { type Command, Option } from "commander";
import { machineToJSON, machineToMermaid } from "../index.js";
import { print } from "./output.js";

const HELP = `
Every acquisition is one run of this machine. Events in lower case are facts,
which move it; those in upper case ask for something, and emit a command.

Examples:
  A picture, where Mermaid is drawn, as on GitHub:
    $ slotstream machine > acquisition.mmd
  For Stately's editor, or createMachine() of XState:
    $ slotstream machine --format json

Exit status: 0, or
   64  wrong usage`;

export function registerMachine(program: Command): void {
  program
    .command("machine")
    .summary("print the state machine of an acquisition")
    .description("Print the state machine of an acquisition as a diagram, or for other tools.")
    .helpOption("-h, --help", "show this help")
    .addOption(
      new Option("--format <name>", "mermaid or json")
        .choices(["mermaid", "json"])
        .default("mermaid"),
    )
    .addHelpText("after", HELP)
    .action(({ format }: { readonly format: "mermaid" | "json" }) => {
      print(
        format === "json"
          ? `${JSON.stringify(machineToJSON(), undefined, 2)}\n`
          : machineToMermaid(),
      );
    });
}
