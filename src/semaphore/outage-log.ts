/** Tells a logger when Redis cannot be reached, and when it can again: once each, however often it is tried. */

import { type Logger, log } from "../session/logger.js";

export class OutageLog {
  private isOut = false;

  constructor(private readonly logger: Logger | undefined) {}

  tell(failure: Error | undefined): void {
    if (this.isOut === (failure !== undefined)) return;
    this.isOut = failure !== undefined;
    if (failure) log(this.logger, "warn", { err: failure }, failure.message);
    else log(this.logger, "info", {}, "Redis can be reached again");
  }
}
