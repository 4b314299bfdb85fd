/**
 * A session's way to the log. It is up while both the commands' and the subscriber's connection are:
 * when the subscriber was lost, messages may have been, and that must be noticed. What is under way
 * then rejects, even if its own connection lives.
 */

import { isObject, parseJson } from "../core/json.js";
import { BackendUnavailableError, type SemaphoreError } from "../errors.js";
import type { Entry, EntryId, Message, Report, Uplink, UplinkListener } from "../ports.js";
import type { Connections, ConnectionsListener } from "./connections.js";
import { unavailable } from "./failures.js";
import type { Keys } from "./keys.js";
import type { Life } from "./life.js";
import { isEvent, listOf, numberOf, textOf, textOrNone, textsOf } from "./replies.js";
import { Script } from "./scripts.js";

const REPORT = new Script("report");

export class RedisUplink implements Uplink, ConnectionsListener {
  private listener: UplinkListener | undefined = undefined;
  private isUp = false;
  /** Why it is down. */
  private reason: SemaphoreError = unavailable("it was not connected to yet");
  /** Rejects what is under way. */
  private readonly underWay = new Set<(reason: SemaphoreError) => void>();

  constructor(
    private readonly connections: Connections,
    private readonly keys: Keys,
    private readonly leaseMs: number,
  ) {
    connections.listen(this);
  }

  /** Connects. Besides what the port says, `down` comes with the reason whenever connecting fails. */
  open(listener: UplinkListener): void {
    this.listener = listener;
    this.connections.start();
    this.rise();
  }

  append({ session, number, seen, commands }: Entry): Promise<EntryId> {
    const fields = ["session", session, "number", number, "seen", seen, "commands", commands];
    return this.guard(async ({ commands: { life } }) =>
      textOf(await life.call("XADD", [this.keys.commands, "*", ...fields])),
    );
  }

  subscribe(session: string): Promise<void> {
    return this.guard(async ({ subscriber: { life } }) => {
      await life.call("ssubscribe", [this.keys.inbox + session]);
    });
  }

  unsubscribe(session: string): void {
    const { subscriber } = this.connections;
    if (!subscriber.isUp) return;
    // If it fails, the connection ends, and the subscription with it.
    subscriber.life.call("sunsubscribe", [this.keys.inbox + session]).catch(() => {});
  }

  report(session: string, written: readonly EntryId[]): Promise<Report> {
    return this.guard(async ({ commands: { life } }) => {
      const { meta, sessions, told, commands, leader } = this.keys;
      const keys = [meta, sessions, told, commands, leader];
      const report = toReport(await REPORT.run(life, keys, [session, ...written]), this.leaseMs);
      if (report.applied !== undefined) this.connections.sawData();
      return report;
    });
  }

  commandsUp(): void {
    this.rise();
  }

  subscriberUp(): void {
    this.rise();
  }

  down(reason: SemaphoreError): void {
    this.isUp = false;
    this.reason = reason;
    const lost = lostWith(reason);
    for (const reject of this.underWay) reject(lost);
    this.underWay.clear();
    this.listener?.down(reason);
  }

  message(channel: string, text: string): void {
    const { inbox } = this.keys;
    if (!channel.startsWith(inbox)) return;
    const message = toMessage(parseJson(text));
    if (message === undefined) return;
    this.connections.sawData();
    this.listener?.receive(channel.slice(inbox.length), message);
  }

  private rise(): void {
    const { commands, subscriber } = this.connections;
    if (this.isUp || !this.listener || !commands.isUp || !subscriber.isUp) return;
    this.isUp = true;
    this.listener.up();
  }

  private guard<T>(ask: (connections: Lives) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.isUp) return reject(this.reason);
      this.underWay.add(reject);
      ask(this.connections)
        .then(resolve, reject)
        .finally(() => this.underWay.delete(reject));
    });
  }
}

interface Lives {
  readonly commands: { readonly life: Life };
  readonly subscriber: { readonly life: Life };
}

/** What was under way may have happened, also where the connection cannot come back as it is. */
function lostWith(reason: SemaphoreError): SemaphoreError {
  return reason instanceof BackendUnavailableError
    ? reason
    : unavailable("the connection was lost", reason);
}

function toReport(reply: unknown, leaseMs: number): Report {
  const [at, record, told, ledForMs, pending] = listOf(reply);
  const session = textOrNone(record);
  return {
    at: numberOf(at),
    applied: session === undefined ? undefined : appliedOf(session),
    messages: textsOf(told).flatMap((text) => toMessage(parseJson(text)) ?? []),
    pending: textsOf(pending),
    // A server's clock that is set back by an hour makes a key live an hour longer; the lease counts as it was meant.
    ledForMs: Math.min(numberOf(ledForMs), leaseMs),
  };
}

function appliedOf(record: string): number {
  const session = parseJson(record);
  return numberOf(isObject(session) ? session.applied : undefined);
}

/** `undefined` for what is none. */
function toMessage(value: unknown): Message | undefined {
  return isMessage(value) ? value : undefined;
}

function isMessage(value: unknown): value is Message {
  if (!isObject(value)) return false;
  const { id, after, applied, events } = value;
  return (
    typeof id === "string" &&
    typeof after === "string" &&
    typeof applied === "number" &&
    Array.isArray(events) &&
    events.every(isEvent)
  );
}
