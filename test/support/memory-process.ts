/** Runs a script as users run theirs: in a process of its own, against the built package. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Ended {
  /** `null` if it had to be killed, since it did not end by itself. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Long enough for any machine; what would live for an hour is found out. */
const PATIENCE_MS = 20_000;

/** Runs a module that finds `MemorySemaphore` and `MemoryCoordinator` imported. */
export function run(script: string): Promise<Ended> {
  const module = `import { MemoryCoordinator, MemorySemaphore } from "slotstream";\n${script}`;
  const argv = ["--input-type=module", "--eval", module];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      argv,
      { cwd: ROOT, timeout: PATIENCE_MS },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
