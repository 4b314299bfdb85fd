/**
 * What must always be true, as executable prose. A witness watches a partition step by step
 * with a model of its own, fed by events alone, and throws at the first thing that is wrong.
 * The numbers are those of docs/ARCHITECTURE.md, "What always holds".
 */

import type { Command } from "./command.js";
import { nextDeadline } from "./deadlines.js";
import { describeCommand, describeEvent, describeState } from "./describe.js";
import { type AcquisitionEvent, answeredSession, type Event } from "./event.js";
import { check, type Line } from "./invariants/check.js";
import { WitnessedLives } from "./invariants/lives.js";
import { WitnessedSessions } from "./invariants/sessions.js";
import { WitnessedSlots } from "./invariants/slots.js";
import { WitnessedTime } from "./invariants/time.js";
import type { State } from "./state.js";

export { InvariantError } from "./invariants/check.js";

export class Witness {
  private readonly time = new WitnessedTime();
  private readonly sessions = new WitnessedSessions(this.time);
  private readonly lives = new WitnessedLives(this.time);
  private readonly slots = new WitnessedSlots();

  /** Call after every step, with the state as it is then. Throws `InvariantError`. */
  observe(command: Command, events: readonly Event[], state: State): void {
    const answers = events.filter((event) => isAnswer(event, command)).length;
    const expected = command.type === "tick" ? 0 : 1;
    check(5, answers === expected, () => `${answers} answers to ${describeCommand(command)}`);
    const jump = events.findLastIndex(({ type }) => type === "rebased");
    check(8, jump <= 0, () => `#${events[jump]?.seq} rebased: what came before was judged without`);
    for (const event of events) this.gaveWay(event, command);
    for (const event of events) this.follow(event);
    this.nothingIsLeftToDo();
    this.agreesWith(state);
  }

  /** What was live before this step gives its slot away only to who got it later. */
  private gaveWay(event: Event, command: Command): void {
    if (event.type !== "expired" || event.reason !== "superseded") return;
    const token = this.lives.get(event.acquisition)?.grant?.token ?? Infinity;
    const isEarlier = command.type === "reassert" && token <= command.token;
    check(4, isEarlier, () => `${describeEvent(event)}: nobody says that he got the slot later`);
  }

  private follow(event: Event): void {
    const line = () => `#${event.seq} ${describeEvent(event)}`;
    this.time.follow(event, line);
    this.sessions.hear(event, line);
    switch (event.type) {
      case "queued":
      case "granted":
      case "released":
      case "expired":
      case "abandoned":
      case "reasserted":
      case "revoked":
        this.followLife(event, line);
        return;
      case "declared":
        this.slots.declared(event);
        return;
      case "resized":
        this.slots.resized(event);
        return;
      case "resumed":
        this.sessions.resumed(event);
        return;
      case "restarted":
        this.time.restarted(event, line);
        return;
      case "swept":
        for (const name of event.semaphores) this.slots.swept(name, line);
        for (const session of event.sessions) this.sessions.swept(session, line);
        return;
      case "heartbeat":
      case "left":
      case "ignored":
      case "refused":
      case "rebased":
      case "ticked":
        return;
    }
  }

  private followLife(event: AcquisitionEvent, line: Line): void {
    switch (event.type) {
      case "queued":
        this.lives.queued(event, line);
        this.slots.queued(event);
        return;
      case "granted": {
        const { isPaused, pauseEnd } = this.time;
        this.lives.granted(event, line);
        check(1, !isPaused, () => `${line()}: grants pause until ${pauseEnd}`);
        this.slots.granted(event, line);
        return;
      }
      case "reasserted": {
        const isKnown = this.lives.reasserted(event, line);
        const counts = isKnown || this.time.isPaused;
        check(4, counts, () => `${line()}: it was not held, and the slot may be somebody else's`);
        this.slots.reasserted(event, line);
        return;
      }
      case "released":
        this.lives.released(event, line);
        this.end(event);
        return;
      case "expired":
        this.lives.expired(event, line);
        if (event.reason === "heartbeat") this.wasSilent(event, line);
        if (event.reason === "superseded") {
          check(4, this.time.isPaused, () => `${line()}: only after a loss of data`);
        }
        this.end(event);
        return;
      case "abandoned":
        this.lives.abandoned(event, line);
        if (event.reason === "lost") this.wasSilent(event, line);
        this.end(event);
        return;
      case "revoked":
        this.lives.revoked(event, line);
        return;
    }
  }

  /** The session that acquired, whatever the event says. */
  private wasSilent({ acquisition, session }: AcquisitionEvent, line: Line): void {
    const queued = this.lives.get(acquisition)?.queued;
    const intervalMs = queued?.terms.heartbeatMaxIntervalMs ?? Infinity;
    this.sessions.wasSilent(queued?.session ?? session, intervalMs, line);
  }

  private end({ acquisition }: AcquisitionEvent): void {
    const life = this.lives.end(acquisition);
    if (life) this.slots.ended(life);
  }

  /** After a step no time has run out unnoticed, and nobody waits beside a free slot, unless grants pause. */
  private nothingIsLeftToDo(): void {
    this.lives.nobodyOutlivesItsTime();
    if (!this.time.isPaused) this.slots.nobodyWaitsBesideAFreeSlot();
  }

  /** The state, its indexes included, is what the events say. */
  private agreesWith(state: State): void {
    this.slots.agreeWith(state);
    this.lives.agreeWith(state);
    const deadline = nextDeadline(state) ?? Infinity;
    check(8, deadline > state.at, () => `overdue: ${describeState(state)}`);
  }
}

/** A session's command is answered under its number, one of the leader's own by what only it can cause. */
function isAnswer(event: Event, command: Command): boolean {
  switch (command.type) {
    case "acquire":
    case "release":
    case "cancel":
    case "heartbeat":
    case "leave":
    case "reassert":
    case "resize":
    case "revoke":
      return answeredSession(event) === command.session && event.number === command.number;
    case "rebase":
      return event.type === "rebased";
    case "restart":
      return event.type === "restarted";
    case "tick":
      return event.type === "rebased" || event.type === "restarted";
  }
}
