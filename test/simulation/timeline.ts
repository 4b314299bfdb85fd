/**
 * True time, which nobody in the world can read, and all that will happen in it. Between two events
 * every promise that can settle does.
 */

import { Heap } from "../../src/core/heap.js";
import { SimulationError } from "./failure.js";

/** Something that will happen. */
export interface Appointment {
  cancel(): void;
}

/** So many turns of the event loop are asked for at once: to ask for each alone takes longer than what happens in it. */
const TURNS = 64;

/** Some thousands are usual. */
const MOST_A_SECOND = 200_000;
/** How often somebody may look at a clock between two things that happen; some hundreds of times are usual. */
const MOST_LOOKS = 100_000;

export class Timeline {
  private time = 0;
  private made = 0;
  private past = 0;
  /** When the present second began, and how much had happened by then. */
  private since = { time: 0, past: 0 };
  /** How often somebody has looked at a clock since the last thing happened. */
  private looks = 0;
  private stuck: SimulationError | undefined = undefined;
  private readonly coming = new Heap<Happening>(byTime);

  /** Milliseconds since the world began. */
  get now(): number {
    return this.time;
  }

  /** How many things have happened. */
  get steps(): number {
    return this.past;
  }

  /**
   * For clocks. Promises that cause one another without end never let anything happen again, but whoever tries
   * something again and again looks at a clock.
   *
   * @throws SimulationError so that it comes to an end; `run` rejects with the same.
   */
  look(): number {
    if (++this.looks > MOST_LOOKS) {
      this.stuck ??= new SimulationError(
        `somebody went in circles: ${MOST_LOOKS} looks at a clock, and no time passed`,
      );
      throw this.stuck;
    }
    return this.time;
  }

  at(time: number, happen: () => void): Appointment {
    const happening = new Happening(Math.max(time, this.time), ++this.made, happen);
    this.coming.put(happening);
    return { cancel: () => this.coming.remove(happening) };
  }

  after(ms: number, happen: () => void): Appointment {
    return this.at(this.time + ms, happen);
  }

  /** Lets everything happen that comes before this time, until `isOver()`. Rejects with what a happening throws. */
  run(until: number, isOver: () => boolean = () => false): Promise<void> {
    return inTurns(() => {
      if (isOver()) return true;
      if (this.happenNext(until)) return false;
      this.time = until;
      return true;
    });
  }

  /** `false` if nothing more comes before this time. */
  private happenNext(until: number): boolean {
    if (this.stuck) throw this.stuck;
    const next = this.coming.peek();
    if (next === undefined || next.time > until) return false;
    this.coming.remove(next);
    this.time = next.time;
    this.past++;
    this.looks = 0;
    this.watchPace();
    next.happen();
    return true;
  }

  /** @throws SimulationError if something goes round in circles, and would for ever. */
  private watchPace(): void {
    if (this.time >= this.since.time + 1000) this.since = { time: this.time, past: this.past };
    const isEndless = this.past - this.since.past > MOST_A_SECOND;
    if (isEndless) throw new SimulationError(`${MOST_A_SECOND} things happened within a second`);
  }
}

/** Calls it again and again, each time in a turn of its own, until it says that all is done. */
function inTurns(isDone: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let ended = false;
    const turn = () => {
      if (ended) return;
      try {
        ended = isDone();
        if (ended) resolve();
      } catch (reason) {
        ended = true;
        reject(reason);
      }
    };
    const ask = () => {
      for (let count = 0; count < TURNS; count++) setImmediate(turn);
      setImmediate(() => {
        if (!ended) ask();
      });
    };
    ask();
  });
}

class Happening {
  heapIndex = -1;

  constructor(
    readonly time: number,
    readonly order: number,
    readonly happen: () => void,
  ) {}
}

function byTime(a: Happening, b: Happening): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
