/** Tells loggers when Redis cannot be reached, and when it can again: each once an outage, however often it is tried. */

import { type Logger, log } from "../session/logger.js";

/** So many loggers may be known before those that are gone are looked for. */
const FEW = 64;

export class OutageLog {
  private failure: Error | undefined = undefined;
  private readonly known = new WeakSet<Logger>();
  /** Those of semaphores, which may be many that come and go. */
  private others: WeakRef<Logger>[] = [];
  private many = FEW;

  constructor(private readonly logger: Logger | undefined) {
    if (logger) this.known.add(logger);
  }

  get isOut(): boolean {
    return this.failure !== undefined;
  }

  /** From now on this one is told as well; at once, if there is an outage. */
  add(logger: Logger | undefined): void {
    if (logger === undefined || this.known.has(logger)) return;
    this.known.add(logger);
    this.others.push(new WeakRef(logger));
    if (this.others.length > this.many) this.sweep();
    if (this.failure) say(logger, this.failure);
  }

  /** Why it cannot be reached, or nothing if it can. */
  tell(failure: Error | undefined): void {
    if (this.isOut === (failure !== undefined)) return;
    this.failure = failure;
    say(this.logger, failure);
    for (const other of this.others) say(other.deref(), failure);
  }

  private sweep(): void {
    this.others = this.others.filter((other) => other.deref() !== undefined);
    this.many = Math.max(FEW, 2 * this.others.length);
  }
}

function say(logger: Logger | undefined, failure: Error | undefined): void {
  if (failure) log(logger, "warn", { err: failure }, failure.message);
  else log(logger, "info", {}, "Redis can be reached again");
}
