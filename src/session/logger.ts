/** Where slotstream tells what it does: anything shaped like pino or the console. */

export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Logs without ever failing: a broken logger must not break an acquire. */
export function log(
  logger: Logger | undefined,
  level: "debug" | "info" | "warn" | "error",
  details: object,
  message: string,
): void {
  if (logger === undefined) return;
  try {
    logger[level](details, message);
  } catch {
    // There is nobody left to tell.
  }
}
