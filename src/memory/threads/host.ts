/**
 * The main thread's end of a worker's port: brings the worker's commands and questions to the
 * log, and events and answers back. When the port closes, the worker has ended, and its sessions leave.
 */

import type { MessagePort } from "node:worker_threads";
import type { SessionCommand } from "../../core/command.js";
import type { Event } from "../../core/event.js";
import type { CommandLog, History, Inbox, StoredEntry, Views } from "../../ports.js";
import type { Question, ToMainThread, ToWorker, View } from "./protocol.js";
import type { TimeReference } from "./remote-clock.js";

export class Host {
  /** The worker's sessions, each with the number of its last command. */
  private readonly joined = new Map<string, number>();
  /** Number of the last event that the worker was told. */
  private told = 0;

  constructor(
    private readonly port: MessagePort,
    private readonly log: CommandLog & Views & History,
    reference: TimeReference,
  ) {
    port.on("message", (message: ToMainThread) => this.take(message));
    port.on("close", () => this.leave());
    port.unref();
    this.post({ type: "welcome", ...reference });
  }

  private take(message: ToMainThread): void {
    if (message.type === "question") this.answer(message);
    else this.append(message);
  }

  private append(command: SessionCommand): void {
    const { session, number } = command;
    if (number === 1) this.log.join(session, this.inboxOf(session));
    // Else it was forgotten while this was under way; the worker hears of it, and asks again.
    else if (!this.joined.has(session)) return;
    this.joined.set(session, number);
    this.log.append(command);
  }

  private inboxOf(session: string): Inbox {
    return {
      receive: (event) => this.tell(event),
      forgotten: () => this.forget(session),
      broken: () => this.port.close(),
    };
  }

  private tell(event: Event): void {
    // The log says it twice when one session of the worker did something to another.
    if (event.seq <= this.told) return;
    this.told = event.seq;
    if (event.type === "refused" && event.reason === "stranger") {
      this.forget(event.session);
      return;
    }
    if (event.type === "left") this.joined.delete(event.session);
    this.post(event);
  }

  private forget(session: string): void {
    if (this.joined.delete(session)) this.post({ type: "forgotten", session });
  }

  private leave(): void {
    for (const [session, number] of this.joined) {
      this.log.append({ type: "leave", session, number: number + 1 });
    }
  }

  private answer({ id, view }: Question): void {
    this.look(view).then(
      (result) => this.post({ type: "answer", id, result }),
      (reason) => this.post({ type: "failure", id, reason }),
    );
  }

  private async look(view: View): Promise<unknown> {
    switch (view.name) {
      case "stats":
        return this.log.stats(view.query);
      case "events": {
        const events: Event[] = [];
        for await (const event of this.log.events(view.query)) events.push(event);
        return events;
      }
      case "entries": {
        const entries: StoredEntry[] = [];
        for await (const entry of this.log.entries(view.range)) entries.push(madeOf(entry));
        return entries;
      }
      case "head": {
        const { seq, hash } = await this.log.head();
        return { seq, hash };
      }
      default:
        return this.log[view.name](view.semaphore);
    }
  }

  private post(message: ToWorker): void {
    this.port.postMessage(message);
  }
}

/** With all its texts made, so that it can be cloned. */
function madeOf({ seq, epoch, commands, events, previous, state, hash }: StoredEntry): StoredEntry {
  return { seq, epoch, commands, events, previous, state, hash };
}
