/** Of all that happened, what is asked for. */

import { beforeEach, describe, expect, it } from "vitest";
import {
  type Event,
  type HistoryQuery,
  InvalidOptionError,
  type Semaphore,
} from "../../src/index.js";
import { all, type Backend, Given, waiting } from "./backend.js";

/** What plain JavaScript may pass, whatever the types say. */
const unchecked = <T>(value: unknown): T => value as T;

export function querying(backend: Backend): void {
  describe("history(query)", () => {
    const given = new Given(backend);
    let semaphore: Semaphore;
    let holder: string;
    let waiter: string;
    let events: Event[];

    /** The numbers of the events, counted from 1, that are found. */
    const found = async (query: Omit<HistoryQuery, "semaphore">) => {
      const seqs = events.map(({ seq }) => seq);
      const ofAll = await all(
        semaphore.coordinator.history({ ...query, semaphore: semaphore.name }),
      );
      expect(ofAll).toEqual(await all(semaphore.history(query)));
      return ofAll.map(({ seq }) => seqs.indexOf(seq) + 1);
    };

    // 1 queued, 2 granted; another session: 3 queued; 4 released; the other: 5 granted, 6 released
    beforeEach(async () => {
      const busy = await given.busy();
      semaphore = busy.semaphore;
      holder = busy.holder.id;
      const other = await waiting(await given.elsewhere(semaphore));
      waiter = (await semaphore.waiters())[0]?.id ?? "";
      given.passes(10);
      await busy.holder.release();
      await (await other.acquired).release();
      events = await all(semaphore.history());
      expect(events).toHaveLength(6);
    });

    it("finds the events of an acquisition", async () => {
      expect(await found({ acquisition: holder })).toEqual([1, 2, 4]);
      expect(await found({ acquisition: waiter })).toEqual([3, 5, 6]);
      expect(await found({ acquisition: "nobody" })).toEqual([]);
    });

    it("finds the events of a session", async () => {
      expect(await found({ session: events[0]?.session })).toEqual([1, 2, 4]);
      expect(await found({ session: events[2]?.session })).toEqual([3, 5, 6]);
      expect(await found({ session: "nobody" })).toEqual([]);
    });

    it("finds the events of some types", async () => {
      expect(await found({ types: ["granted"] })).toEqual([2, 5]);
      expect(await found({ types: ["released", "queued"] })).toEqual([1, 3, 4, 6]);
      expect(await found({ types: [] })).toEqual([]);
    });

    it("finds those that fit all that is asked", async () => {
      expect(await found({ types: ["granted"], acquisition: waiter })).toEqual([5]);
    });

    it("finds no more than asked for", async () => {
      expect(await found({ limit: 2 })).toEqual([1, 2]);
      expect(await found({ limit: 100 })).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await found({ types: ["granted"], limit: 1 })).toEqual([2]);
    });

    it("finds the newest first, if asked to", async () => {
      expect(await found({ reverse: true })).toEqual([6, 5, 4, 3, 2, 1]);
      expect(await found({ reverse: true, limit: 2 })).toEqual([6, 5]);
      expect(await found({ reverse: false, limit: 2 })).toEqual([1, 2]);
    });

    it("finds what happened in some time", async () => {
      const times = events.map(({ at }) => at);
      const [first = 0, , , middle = 0, , last = 0] = times;
      const between = (since: number, until: number) =>
        times.flatMap((at, index) => (at >= since && at <= until ? index + 1 : []));
      for (const reverse of [false, true]) {
        const inOrder = (numbers: number[]) => (reverse ? numbers.reverse() : numbers);
        expect(await found({ since: last + 1, reverse })).toEqual([]);
        expect(await found({ until: first - 1, reverse })).toEqual([]);
        expect(await found({ since: middle, reverse })).toEqual(inOrder(between(middle, last)));
        expect(await found({ until: new Date(middle), reverse })).toEqual(
          inOrder(between(first, middle)),
        );
        expect(await found({ since: new Date(first), until: last, reverse })).toHaveLength(6);
      }
    });

    it.each<[string, unknown]>([
      ["semaphore", 7],
      ["semaphore", ""],
      ["acquisition", null],
      ["session", {}],
      ["types", "granted"],
      ["types", ["granted", "stolen"]],
      ["since", "yesterday"],
      ["since", new Date(Number.NaN)],
      ["until", Number.POSITIVE_INFINITY],
      ["until", null],
      ["limit", 0],
      ["limit", 1.5],
      ["reverse", "yes"],
      ["order", "newest"],
    ])("%s must not be %j", async (option, value) => {
      const { coordinator } = semaphore;
      const query = unchecked<HistoryQuery>({ [option]: value });
      for (const ask of [() => coordinator.history(query), () => coordinator.watch(query)]) {
        expect(ask).toThrow(InvalidOptionError);
        expect(ask).toThrow(expect.objectContaining({ option }));
      }
    });

    it("a semaphore is asked for no other", () => {
      const ask = () => semaphore.history(unchecked({ semaphore: "other" }));
      expect(ask).toThrow("there is no option semaphore");
    });
  });
}
