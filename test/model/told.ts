/** What each session was told, in order, as lines that can be compared. */

import type { Event } from "../../src/core/event.js";

interface Line {
  readonly event: Event | undefined;
  readonly text: string;
}

export class Told {
  private readonly bySession = new Map<string, Line[]>();

  hear(session: string, event: Event): void {
    this.linesTo(session).push({ event, text: JSON.stringify(event) });
  }

  /**
   * In memory a session is called then; on Redis it is sent `swept`, in which it finds its own name only. In memory it
   * hears no more of that step. All that this can be is that it was refused, or that another one left in its name: what
   * is idle owns nothing, and is not idle if it said something.
   *
   * @param at log time of `swept`, where it comes after what else is told of that step
   */
  forgotten(session: string, at?: number): void {
    const lines = this.linesTo(session);
    while (at !== undefined && lines.at(-1)?.event?.at === at) lines.pop();
    lines.push({ event: undefined, text: "forgotten" });
  }

  /** By session; those in alphabetical order. */
  lines(): string[] {
    const sessions = [...this.bySession.keys()].sort();
    return sessions.flatMap((session) => [
      `to ${session}:`,
      ...this.linesTo(session).map(({ text }) => text),
    ]);
  }

  private linesTo(session: string): Line[] {
    const lines = this.bySession.get(session) ?? [];
    this.bySession.set(session, lines);
    return lines;
  }
}
