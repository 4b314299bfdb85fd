/** Where slotstream tells what it does: anything shaped like pino or the console. */

import { harmlessly } from "./harmless.js";

export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export function log(
  logger: Logger | undefined,
  level: "debug" | "info" | "warn" | "error",
  details: object,
  message: string,
): void {
  if (logger) harmlessly(() => logger[level](details, message));
}
