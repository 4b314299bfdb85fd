/** A wall clock that a test sets, for one real Redis server: a small library that stands between it and the system's. */

import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("shifted-clock.c", import.meta.url));

/** The library, or nothing where it cannot be built: it needs Linux and a C compiler. */
export function buildShiftedClock(): ShiftedClockLibrary | undefined {
  if (process.platform !== "linux") return undefined;
  const directory = mkdtempSync(join(tmpdir(), "slotstream-clock-"));
  const path = join(directory, "shifted-clock.so");
  const { status } = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", path, SOURCE, "-ldl"]);
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  return status === 0 ? new ShiftedClockLibrary(directory, path) : undefined;
}

export class ShiftedClockLibrary {
  private clocks = 0;

  constructor(
    private readonly directory: string,
    private readonly path: string,
  ) {}

  newClock(): ShiftedClock {
    return new ShiftedClock(this.path, join(this.directory, `clock-${++this.clocks}`));
  }
}

/** Right, until it is shifted. */
export class ShiftedClock {
  private shiftMs = 0;

  constructor(
    private readonly library: string,
    private readonly file: string,
  ) {
    writeFileSync(file, bytesOf(0));
  }

  /** What a server needs to go by it. */
  get environment(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.library, CLOCK_SHIFT: this.file };
  }

  /** At once, in place: the server has the file before its eyes. */
  shift(ms: number): void {
    this.shiftMs += ms;
    const file = openSync(this.file, "r+");
    writeSync(file, bytesOf(this.shiftMs), 0, 8, 0);
    closeSync(file);
  }
}

function bytesOf(ms: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(ms) * 1000n);
  return bytes;
}
