/** When faults strike and when they are mended: later, but before the time without faults at the latest. */

import type { Appointment, Timeline } from "../timeline.js";

export class Healing {
  private readonly healings = new Set<() => void>();
  /** What was begun and has not struck yet. */
  private readonly coming = new Set<Appointment>();

  constructor(private readonly timeline: Timeline) {}

  strikeIn(ms: number, strike: () => void): void {
    const appointment = this.timeline.after(ms, () => {
      this.coming.delete(appointment);
      strike();
    });
    this.coming.add(appointment);
  }

  healIn(ms: number, heal: () => void): void {
    const once = () => {
      if (this.healings.delete(once)) heal();
    };
    this.healings.add(once);
    this.timeline.after(ms, once);
  }

  /** All that is broken works again, and nothing that was begun strikes any more. */
  all(): void {
    for (const appointment of this.coming) appointment.cancel();
    this.coming.clear();
    for (const heal of [...this.healings]) heal();
  }
}
