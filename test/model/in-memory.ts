/** The story as memory mode lives it: the local log, on a clock that brings its ticks or, if the process sleeps, none. */

import type { SessionCommand } from "../../src/core/command.js";
import { LocalLog } from "../../src/memory/local-log.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import type { Clock } from "../../src/ports.js";
import { all } from "../contract/backend.js";
import { SleepyClock } from "../support/memory-clocks.js";
import { Told } from "./told.js";
import { BEGIN_MS, type Story } from "./words.js";

/** What came of a story, as JSON. */
export interface Outcome {
  readonly events: readonly string[];
  readonly told: readonly string[];
}

export async function inMemory({ words, sleepy }: Story): Promise<Outcome> {
  const { clock, passTo } = sleepy ? sleepyTime() : simulatedTime();
  const log = new LocalLog(clock, { events: Infinity, ageMs: Infinity });
  const audience = new Audience(log);
  for (const { at, command } of words) {
    passTo(at);
    if (command.type !== "tick") audience.say(command);
  }
  const events: string[] = [];
  for (const event of await all(log.events({}))) events.push(JSON.stringify(event));
  return { events, told: audience.told.lines() };
}

interface Time {
  readonly clock: Clock;
  readonly passTo: (at: number) => void;
}

function simulatedTime(): Time {
  const clock = new SimulatedClock(BEGIN_MS);
  return { clock, passTo: (at) => clock.advance(at - clock.now()) };
}

function sleepyTime(): Time {
  const clock = new SleepyClock();
  return { clock, passTo: (at) => clock.sleep(at - clock.now()) };
}

/** Says what the sessions say, and hears what they are told. */
class Audience {
  readonly told = new Told();
  private readonly joined = new Set<string>();

  constructor(private readonly log: LocalLog) {}

  say(command: SessionCommand): void {
    this.join(command.session);
    this.log.append(command);
  }

  /** The log forgets whom it forgets or refuses as a stranger. */
  private join(session: string): void {
    if (this.joined.has(session)) return;
    this.joined.add(session);
    this.log.join(session, {
      receive: (event) => {
        this.told.hear(session, event);
        if (event.type === "refused" && event.reason === "stranger") this.joined.delete(session);
      },
      forgotten: () => {
        this.told.forgotten(session);
        this.joined.delete(session);
      },
      broken: (reason) => {
        throw reason;
      },
    });
  }
}
