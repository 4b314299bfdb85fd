/**
 * Random walks through a partition. A move is drawn without knowing the state; only when it is
 * played does it become a command, for a session and an acquisition that there are then.
 */

import type { LeaderCommand } from "../../src/core/command.js";
import type { GrantedEvent, ReassertedEvent } from "../../src/core/event.js";
import { REMEMBER_MS } from "../../src/core/state.js";
import {
  type Ask,
  acquire,
  cancel,
  heartbeat,
  leave,
  reassert,
  release,
  resize,
  revoke,
} from "./commands.js";
import { type Move, REGULAR_VALUE, type Reassertion } from "./drawn-moves.js";
import type { Partition } from "./partition.js";

export { type Move, PATIENT, walk } from "./drawn-moves.js";

type Whose = Pick<Move, "on" | "whom" | "live"> & { readonly by: string };

/** Plays moves on a partition, as clients that restart under a new session when they were forgotten. */
export class Player {
  private readonly sessions: string[] = [];
  private acquired = 0;

  constructor(readonly partition: Partition) {}

  play(moves: Iterable<Move>): this {
    for (const move of moves) this.move(move);
    return this;
  }

  private move(move: Move): void {
    const { partition } = this;
    // No time passes before an id is used again: in the meantime it could have ended.
    if (move.what.type !== "acquire again") partition.after(move.passedMs);
    if (move.what.type === "leader") this.lead(move.what.command, move.off);
    else partition.ask(this.ask(move), move.off === 0 ? undefined : this.numberOff(move));
  }

  /** Log time has moved on by the jump, or, where the leader was mistaken, did not. */
  private lead(command: LeaderCommand, off: number): void {
    const jumpMs = command.type === "rebase" && off === 0 ? Math.max(0, command.byMs) : 0;
    this.partition.after(jumpMs).apply(command);
  }

  private ask({ what, on, who, whom, live }: Move): Ask {
    const by = what.type === "stranger" ? `${whom * 10_000}-stranger` : this.session(who);
    switch (what.type) {
      case "acquire":
        return acquire(this.newId(), {
          on,
          value: what.value ?? REGULAR_VALUE[on],
          ...what.terms,
          by,
        });
      case "acquire again":
        return acquire(this.liveId(whom) ?? this.newId(), { on, value: REGULAR_VALUE[on], by });
      case "release":
        return release(this.id(whom, live), { by });
      case "cancel":
        return cancel(this.id(whom, live), { by });
      case "timeout":
        return cancel(this.id(whom, live), { by, reason: "timeout" });
      case "revoke":
        return revoke(this.id(whom, live), { by });
      case "force":
        return revoke(this.id(whom, live), { by, force: true });
      case "resize":
        return resize(on, what.value, {
          by,
          ...(what.declares && { declared: REGULAR_VALUE[on] }),
        });
      case "leave":
        return leave({ by });
      case "leave as":
        return leave({ by, former: this.anySession(whom) });
      case "reassert":
        return this.reassert(what, { on, whom, live, by });
      default:
        return heartbeat({ by });
    }
  }

  /** As a session whose former self was told of the grant, or would have been. */
  private reassert(what: Reassertion, { on, whom, live, by }: Whose): Ask {
    const grant = what.lost ? undefined : this.grant(whom, live);
    const { ttlMs } = what.terms;
    return reassert(grant?.acquisition ?? this.newId(), {
      on: what.elsewhere ? on : (grant?.semaphore ?? on),
      slot: what.slot ?? grant?.slot ?? 0,
      token: Math.max(0, (grant?.token ?? this.partition.state.token) + what.later),
      value: REGULAR_VALUE[on],
      ...what.terms,
      ...(ttlMs !== undefined && { ttlLeftMs: Math.min(ttlMs, what.ttlLeftMs) }),
      by,
    });
  }

  /** What this one was granted or asserted last; or any other, if it has no slot. */
  private grant(whom: number, live: boolean): GrantedEvent | ReassertedEvent | undefined {
    const grants = this.partition.events.filter(
      (event) => event.type === "granted" || event.type === "reasserted",
    );
    const id = this.id(whom, live);
    const own = grants.findLast(({ acquisition }) => acquisition === id);
    return own ?? grants[whom % grants.length];
  }

  /** The name of a session that there was, or that nobody knows any more. */
  private anySession(whom: number): string {
    const known = [...this.partition.state.sessions.values()];
    return known[whom % (known.length + 1)]?.id ?? "0-former";
  }

  private numberOff({ who, off }: Move): number {
    const applied = this.partition.state.sessions.get(this.session(who))?.applied ?? 0;
    return Math.max(1, applied + 1 + off);
  }

  /** The session of this client; a new one once the last is forgotten and too old to be heard first. */
  private session(who: number): string {
    const { now, state } = this.partition;
    const last = this.sessions[who];
    if (last !== undefined) {
      const age = now - Number.parseInt(last, 10);
      if (state.sessions.get(last) || age < REMEMBER_MS) return last;
    }
    const session = `${now}-${"stuv"[who]}`;
    this.sessions[who] = session;
    return session;
  }

  private newId(): string {
    return `a${++this.acquired}`;
  }

  private liveId(whom: number): string | undefined {
    const live = [...this.partition.state.acquisitions.values()];
    return live[whom % live.length]?.id;
  }

  private id(whom: number, live: boolean): string {
    return (live ? this.liveId(whom) : undefined) ?? `a${whom}`;
  }
}
