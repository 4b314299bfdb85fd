/** Why a command could not be started, said so that it helps. */

import { existsSync } from "node:fs";
import { Complaint } from "../complaint.js";
import { NOT_EXECUTABLE, NOT_FOUND } from "../exit-status.js";

export function cannotRun(file: string, cause: unknown): Complaint {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  if (isMissing(file, code)) {
    const remedy = file.includes("/") ? "Is the path right?" : "Is it installed, and in PATH?";
    return new Complaint(NOT_FOUND, `command not found: ${file || '""'}. ${remedy}`, { cause });
  }
  const reason = REASONS[code] ?? `the system says ${code}.`;
  return new Complaint(NOT_EXECUTABLE, `cannot run ${file}: ${reason}`, { cause });
}

const NO_ROOM = "the system has no room for one more process. Lower --value.";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "it is not executable. Is it a program, and does it need chmod +x?",
  ENOENT: "the interpreter that its first line names was not found.",
  E2BIG: "its arguments are too long. Pass what is long in a file.",
  EAGAIN: NO_ROOM,
  EMFILE: NO_ROOM,
  ENFILE: NO_ROOM,
  ENOMEM: NO_ROOM,
  ERR_INVALID_ARG_VALUE:
    "an argument would contain a NUL character. Lines end with newlines: use find -print, not -print0.",
};

/** A script whose interpreter is missing gives the same code, but is there. */
function isMissing(file: string, code: string): boolean {
  if (file === "" || code === "ENOTDIR") return true;
  return code === "ENOENT" && !(file.includes("/") && existsSync(file));
}
