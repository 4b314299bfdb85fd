/**
 * The language of test/traces, one line at a time. A command reads as `describeCommand` prints it,
 * except that `value=1`, `(cancelled)` and `by 0-s` may be left out, and so may the number of `by 0-s#3`.
 */

import { type Command, type LeaderCommand, type Terms, TICK } from "../../src/core/command.js";
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

export type Line =
  | { readonly type: "command"; readonly ask: Ask; readonly number: number | undefined }
  | { readonly type: "leader"; readonly command: LeaderCommand }
  | { readonly type: "state" | "deadline" | "reload" }
  | { readonly type: "at"; readonly ms: number };

const VERBS =
  "acquire, release, cancel, heartbeat, leave, reassert, resize, revoke, tick, rebase, restart, at, state, deadline, reload";

/** @throws Error that says what is wrong with the line. */
export function parseLine(line: string): Line {
  const words = new Words(line);
  const verb = words.next("a command");
  const parsed = parse(verb, words);
  words.end();
  return parsed;
}

/** For a line that carries its number, as `describeCommand` prints it. */
export function parseCommand(line: string): Command {
  const parsed = parseLine(line);
  if (parsed.type === "leader") return parsed.command;
  if (parsed.type !== "command") throw new Error(`"${line}" is not a command`);
  if (parsed.number === undefined) throw new Error(`"${line}" has no number`);
  return { ...parsed.ask, number: parsed.number };
}

function parse(verb: string, words: Words): Line {
  switch (verb) {
    case "tick":
      return { type: "leader", command: TICK };
    case "rebase":
      return { type: "leader", command: { type: verb, byMs: signed(words.next("a duration")) } };
    case "restart":
      return {
        type: "leader",
        command: { type: verb, pauseMs: words.needed("pause", durationOf) },
      };
    case "state":
    case "deadline":
    case "reload":
      return { type: verb };
    case "at":
      return { type: "at", ms: durationOf(words.next("a time")) };
    default: {
      const { session, number } = words.origin();
      const by = session === undefined ? {} : { by: session };
      return { type: "command", ask: parseAsk(verb, words, by), number };
    }
  }
}

function parseAsk(verb: string, words: Words, by: { by?: string }): Ask {
  switch (verb) {
    case "acquire": {
      const id = words.next("an id");
      words.expect("on");
      const on = words.next("a semaphore");
      const value = words.assigned("value", numberOf);
      return acquire(id, { on, ...(value === undefined ? {} : { value }), ...terms(words), ...by });
    }
    case "release":
      return release(words.next("an id"), by);
    case "cancel": {
      const id = words.next("an id");
      const reason = words.flag("(timeout)") ? "timeout" : "cancelled";
      words.flag("(cancelled)");
      return cancel(id, { reason, ...by });
    }
    case "heartbeat":
      return heartbeat(by);
    case "leave":
      return leave({ ...(words.flag("as") && { former: words.next("a session") }), ...by });
    case "reassert": {
      const id = words.next("an id");
      words.expect("on");
      const on = words.next("a semaphore");
      const hold = {
        slot: words.needed("slot", numberOf),
        token: words.needed("token", numberOf),
        value: words.assigned("value", numberOf) ?? 1,
        ttlLeftMs: words.assigned("ttl-left", durationOf),
      };
      return reassert(id, { on, ...hold, ...terms(words), ...by });
    }
    case "resize": {
      const name = words.next("a semaphore");
      const value = words.needed("value", numberOf);
      const declared = words.assigned("declared", numberOf);
      const more = { ...(declared === undefined ? {} : { declared }), ...words.quoted() };
      return resize(name, value, { ...more, ...by });
    }
    case "revoke": {
      const id = words.next("an id");
      return revoke(id, { force: words.flag("force"), ...words.quoted(), ...by });
    }
    default:
      throw new Error(`"${verb}" is no command; there are ${VERBS}`);
  }
}

function terms(words: Words): Terms {
  const noWait = words.flag("no-wait") || undefined;
  const maxAcquireTimeMs = words.assigned("max", durationOf);
  const ttlMs = words.assigned("ttl", durationOf);
  const heartbeatMaxIntervalMs = words.assigned("heartbeat", durationOf);
  const maxQueueSize = words.assigned("queue", numberOf);
  const onValueMismatch = words.flag("adopt") ? "adopt" : undefined;
  const metadata = words.quoted();
  const asked = {
    noWait,
    maxAcquireTimeMs,
    ttlMs,
    heartbeatMaxIntervalMs,
    maxQueueSize,
    onValueMismatch,
    metadata,
  };
  return Object.fromEntries(Object.entries(asked).filter(([, term]) => term !== undefined));
}

/** The words of a line, taken one after the other. */
class Words {
  private readonly words: string[];

  constructor(line: string) {
    this.words = line.match(/[^\s"]+"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  }

  next(what: string): string {
    const word = this.words.shift();
    if (word === undefined) throw new Error(`${what} is missing`);
    return word;
  }

  expect(word: string): void {
    const found = this.next(`"${word}"`);
    if (found !== word) throw new Error(`"${word}" was expected, not "${found}"`);
  }

  /** Takes the word out, wherever it stands. */
  flag(word: string): boolean {
    return this.take((other) => other === word) !== undefined;
  }

  /** Takes out `key=…`. */
  assigned(key: string, read: (text: string) => number): number | undefined {
    const word = this.take((other) => other.startsWith(`${key}=`) && !other.endsWith('"'));
    return word === undefined ? undefined : read(word.slice(key.length + 1));
  }

  /** Takes out `key=…`, which must be there. */
  needed(key: string, read: (text: string) => number): number {
    const value = this.assigned(key, read);
    if (value === undefined) throw new Error(`${key}=… is missing`);
    return value;
  }

  /** Takes out every `key="…"`. */
  quoted(): Record<string, string> | undefined {
    const entries: [string, string][] = [];
    for (;;) {
      const word = this.take((other) => /^[^="]+=".*"$/s.test(other));
      if (word === undefined) return entries.length > 0 ? Object.fromEntries(entries) : undefined;
      const equals = word.indexOf("=");
      entries.push([word.slice(0, equals), JSON.parse(word.slice(equals + 1))]);
    }
  }

  /** `by SESSION` or `by SESSION#NUMBER` at the end of the line. */
  origin(): { session?: string; number: number | undefined } {
    if (this.words.at(-2) !== "by") return { number: undefined };
    const [, word = ""] = this.words.splice(-2);
    const [session = "", number] = word.split("#");
    return { session, number: number === undefined ? undefined : numberOf(number) };
  }

  private take(wanted: (word: string) => boolean): string | undefined {
    const index = this.words.findIndex(wanted);
    return index < 0 ? undefined : this.words.splice(index, 1)[0];
  }

  end(): void {
    if (this.words.length > 0) throw new Error(`"${this.words.join(" ")}" is not understood here`);
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function durationOf(text: string): number {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  if (digits === undefined) throw new Error(`"${text}" is no duration such as 250ms or 1.5s`);
  return Math.round(Number(digits) * (UNIT_MS[unit] ?? Number.NaN));
}

/** A duration that may be negative. */
function signed(text: string): number {
  return text.startsWith("-") ? -durationOf(text.slice(1)) : durationOf(text);
}

function numberOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`"${text}" is no whole number`);
  return Number(text);
}
