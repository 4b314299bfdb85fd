#!/usr/bin/env node
/** The `slotstream` command: runs what is asked for, and reports what goes wrong. */

import { complain } from "./complain.js";
import { createProgram } from "./program.js";

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = complain(error);
}
