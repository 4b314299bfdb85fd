/** What is written is read in order, once it is there. */

import { describe, expect, test } from "vitest";
import { ProtocolError } from "../../../src/errors.js";
import type { ReadEntry, Store } from "../../../src/ports.js";
import { isAfter } from "../../simulation/redis/stream.js";
import { ENTRY, LONG_MS, millisecondsOf, type PortsBackend, sceneOf } from "./scene.js";

export function reading(backend: PortsBackend): void {
  const fresh = async () => {
    const scene = await sceneOf(backend);
    return { scene, ...(await scene.process()) };
  };

  describe("an entry", () => {
    test("is written at the server's time, behind all others", async () => {
      const { scene, uplink } = await fresh();
      const before = await scene.clockAt();
      const ids = await Promise.all([1, 2, 3].map(() => uplink.append(ENTRY)));
      const [first = "", second = "", third = ""] = ids;
      expect(millisecondsOf(first)).toBeGreaterThanOrEqual(before);
      expect(millisecondsOf(third)).toBeLessThanOrEqual(await scene.clockAt());
      expect(isAfter(second, first) && isAfter(third, second)).toBe(true);
    });

    test("comes as it was written", async () => {
      const { uplink, store } = await fresh();
      const entry = { session: "5-ü{€}", number: 999, seen: 0, commands: '["\u2028😀 {}"]' };
      const id = await uplink.append(entry);
      expect(await store.read("0-0", 0)).toEqual([{ id, entry }]);
    });
  });

  describe("a read", () => {
    test("brings the entries after the given one, oldest first", async () => {
      const { uplink, store } = await fresh();
      const first = await uplink.append(ENTRY);
      const second = await uplink.append({ ...ENTRY, number: 8 });
      const third = await store.tick();
      expect(await readAll(store, first, 2)).toEqual([
        { id: second, entry: { ...ENTRY, number: 8 } },
        { id: third, entry: undefined },
      ]);
      expect(await store.read(third, 0)).toEqual([]);
    });

    test("brings all of many, in portions", async () => {
      const { uplink, store } = await fresh();
      const numbers = Array.from({ length: 1_100 }, (_, index) => index + 1);
      await Promise.all(numbers.map((number) => uplink.append({ ...ENTRY, number })));
      const portion = await store.read("0-0", 0);
      expect(portion.length).toBeGreaterThan(0);
      expect(portion.length).toBeLessThanOrEqual(1_000);
      const entries = await readAll(store, "0-0", numbers.length);
      expect(entries.map(({ entry }) => entry?.number)).toEqual(numbers);
    });

    test("waits for the first", async () => {
      const { scene, uplink, store } = await fresh();
      const read = store.read("0-0", LONG_MS);
      await scene.blockedReader();
      const id = await uplink.append(ENTRY);
      expect(await read).toEqual([{ id, entry: ENTRY }]);
    });

    test("waits on though somebody writes before it, as after the stream was deleted", async () => {
      const { scene, uplink, store } = await fresh();
      const far = await store.tick((await scene.clockAt()) + 5_000_000);
      await scene.deleteKey("commands");
      const read = store.read(far, LONG_MS);
      await scene.blockedReader();
      await uplink.append(ENTRY);
      await scene.blockedReader();
      const id = await store.tick(millisecondsOf(far) + 1);
      expect(await read).toEqual([{ id, entry: undefined }]);
    });

    test("ends with nothing when nothing comes in time", async () => {
      const { scene, store } = await fresh();
      const before = await scene.clockAt();
      expect(await store.read("0-0", 200)).toEqual([]);
      expect(await scene.clockAt()).toBeGreaterThanOrEqual(before + 199);
      expect(await store.read("0-0", 0)).toEqual([]);
    });

    test("is interrupted at once, and can be repeated", async () => {
      const { scene, uplink, store } = await fresh();
      const read = store.read("0-0", LONG_MS);
      await scene.blockedReader();
      const before = await scene.clockAt();
      store.interrupt();
      expect(await read).toEqual([]);
      expect(await scene.clockAt()).toBeLessThan(before + LONG_MS / 2);
      const id = await uplink.append(ENTRY);
      expect(await store.read("0-0", LONG_MS)).toEqual([{ id, entry: ENTRY }]);
    });

    test("is interrupted also before it has reached the server", async () => {
      const { scene, store } = await fresh();
      const before = await scene.clockAt();
      const read = store.read("0-0", LONG_MS);
      store.interrupt();
      expect(await read).toEqual([]);
      expect(await scene.clockAt()).toBeLessThan(before + LONG_MS / 2);
    });

    test("that begins after an interruption is none of its concern", async () => {
      const { scene, uplink, store } = await fresh();
      store.interrupt();
      const read = store.read("0-0", LONG_MS);
      await scene.blockedReader();
      const id = await uplink.append(ENTRY);
      expect(await read).toEqual([{ id, entry: ENTRY }]);
    });

    test.each<[string, readonly (readonly [string, string])[]]>([
      ["other fields", [["foreign", "1"]]],
      [
        "a number that is none",
        [
          ["session", "s"],
          ["number", "x"],
          ["seen", "0"],
          ["commands", "[]"],
        ],
      ],
      [
        "a number below 0",
        [
          ["session", "s"],
          ["number", "1"],
          ["seen", "-1"],
          ["commands", "[]"],
        ],
      ],
      [
        "no number",
        [
          ["session", "s"],
          ["number", ""],
          ["seen", "0"],
          ["commands", "[]"],
        ],
      ],
      [
        "a fraction",
        [
          ["session", "s"],
          ["number", "1.5"],
          ["seen", "0"],
          ["commands", "[]"],
        ],
      ],
      [
        "a number too large",
        [
          ["session", "s"],
          ["number", "12345678901234567890"],
          ["seen", "0"],
          ["commands", "[]"],
        ],
      ],
      [
        "a field too few",
        [
          ["session", "s"],
          ["number", "1"],
          ["seen", "0"],
        ],
      ],
      [
        "a field too many",
        [
          ["session", "s"],
          ["number", "1"],
          ["seen", "0"],
          ["commands", "[]"],
          ["more", "1"],
        ],
      ],
      [
        "another order",
        [
          ["number", "1"],
          ["session", "2"],
          ["seen", "0"],
          ["commands", "[]"],
        ],
      ],
    ])("takes for a tick what no session can have written: %s", async (_what, fields) => {
      const { scene, uplink, store } = await fresh();
      await scene.write(fields);
      const id = await uplink.append(ENTRY);
      const read = await readAll(store, "0-0", 2);
      expect(read).toEqual([
        { id: expect.any(String), entry: undefined },
        { id, entry: ENTRY },
      ]);
    });

    test("and whatever is written fail where a foreign value is", async () => {
      const { scene, uplink, store } = await fresh();
      await scene.replaceKey("commands");
      await expect(store.read("0-0", LONG_MS)).rejects.toThrow(ProtocolError);
      await expect(store.tick()).rejects.toThrow(ProtocolError);
      await expect(store.tick(5)).rejects.toThrow(ProtocolError);
      await expect(uplink.append(ENTRY)).rejects.toThrow(ProtocolError);
    });
  });

  describe("a tick", () => {
    test("comes at the log's own time, or at the given one", async () => {
      const { scene, store } = await fresh();
      const before = await scene.clockAt();
      const own = await store.tick();
      expect(millisecondsOf(own)).toBeGreaterThanOrEqual(before);
      const ahead = millisecondsOf(own) + 5_000_000;
      expect(await store.tick(ahead)).toBe(`${ahead}-0`);
      expect(await store.tick(ahead)).toBe(`${ahead}-1`);
    });

    test("comes at the server's time if the given one is over", async () => {
      const { scene, store } = await fresh();
      const first = millisecondsOf(await store.tick());
      await scene.until(async () => expect(await scene.clockAt()).toBeGreaterThan(first + 5));
      expect(millisecondsOf(await store.tick(first - 1))).toBeGreaterThan(first + 5);
    });

    test("comes at the log's time if the given one is over, or the clock is behind", async () => {
      const { scene, store, uplink } = await fresh();
      const ahead = (await scene.clockAt()) + 5_000_000;
      await store.tick(ahead);
      expect(await store.tick(ahead - 1)).toBe(`${ahead}-1`);
      expect(await store.tick()).toBe(`${ahead}-2`);
      expect(await uplink.append(ENTRY)).toBe(`${ahead}-3`);
    });
  });
}

/** In as many reads as it takes. */
async function readAll(store: Store, after: string, count: number): Promise<ReadEntry[]> {
  const entries: ReadEntry[] = [];
  while (entries.length < count) {
    const read = await store.read(entries.at(-1)?.id ?? after, 0);
    if (read.length === 0) throw new Error(`${entries.length} entries are there, not ${count}`);
    entries.push(...read);
  }
  return entries;
}
