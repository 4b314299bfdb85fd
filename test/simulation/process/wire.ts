/**
 * One direction of a TCP connection: what is sent arrives in order, some time later. When it is cut,
 * the first part of what is under way may still arrive, even much later.
 */

import type { Appointment, Timeline } from "../timeline.js";

export class Wire {
  private lastArrival = 0;
  private readonly underWay = new Set<Sent>();

  constructor(
    private readonly timeline: Timeline,
    private readonly latencyMs: () => number,
  ) {}

  send(arrive: () => void): void {
    this.lastArrival = Math.max(this.lastArrival, this.timeline.now + this.latencyMs());
    this.schedule({ arrive, at: this.lastArrival });
  }

  /** How many are under way. */
  get count(): number {
    return this.underWay.size;
  }

  /** Only the first `surviving` of what is under way still arrive, so much later. */
  cut(surviving: number, laterMs: number): void {
    const sent = [...this.underWay];
    this.underWay.clear();
    for (const { appointment } of sent) appointment?.cancel();
    for (const { arrive, at } of sent.slice(0, surviving)) {
      this.timeline.at(at + laterMs, arrive);
    }
  }

  private schedule(sent: Sent): void {
    this.underWay.add(sent);
    sent.appointment = this.timeline.at(sent.at, () => {
      this.underWay.delete(sent);
      sent.arrive();
    });
  }
}

interface Sent {
  readonly arrive: () => void;
  readonly at: number;
  appointment?: Appointment;
}
