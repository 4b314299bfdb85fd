/**
 * The acquisition behind the handle that `acquire()` resolves with. It runs the machine's table: facts from
 * the log move it, intents make it emit commands to its session.
 */

import type { ReassertCommand } from "../core/command.js";
import type { AcquisitionEvent, Event } from "../core/event.js";
import { type AcquisitionState, life, type MachineEvent } from "../core/machine.js";
import { restOf } from "./acquisition.js";
import type { EndEvent } from "./handle.js";
import { type Mirror, mirror } from "./inspection.js";
import { Standing } from "./standing.js";

type Held = Pick<ReassertCommand, "slot" | "token" | "queuedAt" | "grantedAt">;

const RELEASE: MachineEvent = { type: "RELEASE" };
const HEARTBEAT: MachineEvent = { type: "heartbeat" };
const LOST: MachineEvent = { type: "abandoned", reason: "lost" };

export class LiveAcquisition extends Standing {
  private current: AcquisitionState = life.initial.target;
  private mirror: Mirror | undefined = undefined;

  get state(): AcquisitionState {
    const heard = this.current === "held" && this.owner.lastHeartbeat > (this.grant?.seq ?? 0);
    return heard ? "heartbeating" : this.current;
  }

  history(): AsyncIterable<Event> {
    return this.owner.events(this.id);
  }

  /** What it holds, as the log said; `undefined` unless its user holds it. */
  get held(): Held | undefined {
    if (!this.isHeld || this.grant === undefined) return undefined;
    const { slot, token, at } = this.grant;
    return { slot, token, queuedAt: this.queued?.at ?? at, grantedAt: at };
  }

  /** Begins its life: the machine emits `acquire`. */
  start(): void {
    if (this.request.inspect) this.mirror = mirror(this.id, this.request.inspect);
    for (const command of life.initial.emits) this.owner.emit(command, this);
  }

  /**
   * Begins its life once more, under another id, for the log has lost it at this log time, or rather all of
   * its session. What is left of its time to wait goes on.
   */
  restart(id: string, at: number, why: string): void {
    if (this.queued) {
      this.request = restOf(this.request, this.queued.at, at);
      this.tell("warn", `waits again, at the tail of the queue: ${why}`);
    }
    this.mirror?.send(LOST);
    this.id = id;
    this.queued = undefined;
    this.start();
  }

  /** A fact from the log. */
  receive(event: AcquisitionEvent): void {
    switch (event.type) {
      case "queued":
        this.queued = event;
        return;
      case "granted":
        this.grant = event;
        this.hold();
        this.move(event);
        this.tell("debug", "acquired");
        this.settle();
        return;
      case "reasserted":
        if (this.grant) this.grant = { ...this.grant, seq: event.seq };
        this.move(event);
        // Its TTL may have ended before this was written.
        if (this.lost) this.move(RELEASE);
        else this.tell("warn", "held on to its slot, which the data in Redis had forgotten");
        return;
      case "revoked":
        this.revoke();
        return;
      case "released":
        this.finish(event);
        if (event.reason === "left") {
          this.takeBack("closed");
        } else {
          this.givenBack(event.by === undefined);
          this.tell("debug", "released");
        }
        return;
      case "expired":
        this.finish(event);
        this.takeBack(event.reason);
        return;
      case "abandoned":
        this.finish(event);
        this.fail();
        this.tell("debug", `abandoned (${event.reason})`);
        this.settle();
        return;
    }
  }

  /** Its session was heard. Told only to those that are watched; for others `state` derives it. */
  heartbeat(): void {
    if (this.mirror) this.move(HEARTBEAT);
  }

  protected move(event: MachineEvent): void {
    this.mirror?.send(event);
    const cell = life.cells[this.current][event.type];
    if (cell === undefined) return;
    this.current = cell.target;
    for (const command of cell.emits) this.owner.emit(command, this);
  }

  protected endsUnheard(state: "released" | "expired"): void {
    this.current = state;
  }

  private finish(event: EndEvent): void {
    this.end = event;
    this.move(event);
  }
}
