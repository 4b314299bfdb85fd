/**
 * What one consumer hears. Its mistakes stay its own: Node makes an uncaught exception of what a subscriber throws,
 * which would end a process for the sake of its metrics.
 */

import type { TelemetryChannel } from "../telemetry.js";

export class Subscriptions {
  private readonly ends: (() => void)[] = [];

  add<Message>(channel: TelemetryChannel<Message>, hear: (message: Message) => void): void {
    const hearSafely = (message: Message) => {
      try {
        hear(message);
      } catch {
        // There is nobody to tell: metrics and traces are how one would.
      }
    };
    channel.subscribe(hearSafely);
    this.ends.push(() => channel.unsubscribe(hearSafely));
  }

  /** For good. */
  end(): void {
    for (const end of this.ends.splice(0)) end();
  }
}
