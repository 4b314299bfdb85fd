/** What the page is told of a history: all of it, as it happens, and from where it left off. */

import { describe, expect, test } from "vitest";
import {
  type Coordinator,
  MemoryCoordinator,
  readHistory,
  replay,
  type StoredEntry,
} from "../../src/index.js";
import { beginningOf, entriesBehind, placeOf } from "../../src/inspector/place.js";
import { TestCoordinator } from "../../src/testing.js";
import { exported, inspectorOf, Listener, refusal, sourceOf } from "./server-support.js";

/** A coordinator whose only slot changes hands so often; three events each time. */
async function used(coordinator: Coordinator, times: number): Promise<void> {
  const semaphore = coordinator.semaphore({
    name: "api",
    value: 1,
    metadata: { job: "é\u2028<b>" },
  });
  for (let time = 0; time < times; time++) await semaphore.use(async () => {});
}

const headOf = async (coordinator: Coordinator) => (await coordinator.replay()).seq;

describe("a live history", () => {
  test("begins as its export does, line by line", async () => {
    const coordinator = new TestCoordinator({ startAt: 1_000 });
    await used(coordinator, 3);
    const listener = await Listener.open(await inspectorOf(coordinator));
    await listener.untilSeq(9);

    const [header, ...lines] = await exported(coordinator);
    expect(listener.lines).toEqual(lines);
    expect(listener.headers).toEqual([
      {
        ...JSON.parse(header ?? ""),
        source: "memory",
        name: `process ${process.pid}`,
        live: true,
        actions: false,
        resumed: false,
      },
    ]);
    expect(listener.lastId).toBe("9");
  });

  test("goes on as it happens, in one message what happens at once", async () => {
    const coordinator = new TestCoordinator();
    const listener = await Listener.open(await inspectorOf(coordinator));
    await listener.until(({ headers }) => headers.length === 1);
    expect(listener.lines).toEqual([]);
    await used(coordinator, 2);
    await listener.untilSeq(6);
    const messages = listener.of("entries").length;

    const semaphore = coordinator.semaphore({ name: "api", value: 1 });
    const waiting = Array.from({ length: 50 }, () => semaphore.acquire());
    await waiting[0];
    await listener.untilSeq(await headOf(coordinator));
    expect(listener.of("entries").length - messages).toBeLessThan(5);
    expect((await listener.state()).describe()).toBe((await coordinator.replay()).describe());
    await coordinator.close();
    await Promise.allSettled(waiting);
  });

  test("says what time it is, and how far it goes", async () => {
    const coordinator = new TestCoordinator({ startAt: 5_000 });
    await used(coordinator, 1);
    const listener = await Listener.open(await inspectorOf(coordinator));
    await listener.until(() => listener.of("now").length === 1);
    expect(JSON.parse(listener.of("now")[0]?.data[0] ?? "")).toEqual({ at: 5_000, seq: 3 });
  });

  test("is the same for many readers, whenever they come", async () => {
    const coordinator = new MemoryCoordinator({ threads: "isolated" });
    const inspector = await inspectorOf(coordinator);
    const listeners: Listener[] = [];
    for (let number = 1; number <= 30; number++) {
      listeners.push(await Listener.open(inspector));
      await used(coordinator, 5);
    }
    const last = await headOf(coordinator);
    await Promise.all(listeners.map((listener) => listener.untilSeq(last)));
    for (const { seqs } of listeners) expect(seqs).toEqual(countTo(last));
  });
});

describe("who comes back", () => {
  test.each([
    ["by Last-Event-ID", (id: string) => ({ path: "", headers: { "Last-Event-ID": id } })],
    ["by the address", (id: string) => ({ path: `?after=${id}`, headers: {} })],
  ])("%s goes on where it was: nothing is missing, nothing comes twice", async (_how, ask) => {
    const coordinator = new TestCoordinator();
    const inspector = await inspectorOf(coordinator);
    const lines: string[] = [];
    for (let id = "", round = 0; round < 5; round++) {
      const { path, headers } = ask(id);
      const listener = await Listener.open(inspector, `/api/history${path}`, headers);
      await used(coordinator, 4);
      await listener.untilSeq(await headOf(coordinator));
      listener.leave();
      expect(listener.headers).toMatchObject([{ resumed: round > 0 }]);
      lines.push(...listener.of("entries").flatMap(({ data }) => data));
      id = listener.lastId;
      await used(coordinator, 2);
    }
    const [, ...all] = await exported(coordinator);
    expect(lines).toEqual(all.slice(0, lines.length));
    expect(lines.length).toBeGreaterThan(all.length - 10);
  });

  test("after what it had was trimmed, begins anew with a checkpoint, and knows the state", async () => {
    const coordinator = new TestCoordinator({ historyRetention: 200 });
    const inspector = await inspectorOf(coordinator);
    await used(coordinator, 10);
    const first = await Listener.open(inspector);
    await first.untilSeq(30);
    first.leave();
    await used(coordinator, 500);

    const listener = await Listener.open(inspector, `/api/history?after=${first.lastId}`);
    const last = await headOf(coordinator);
    await listener.untilSeq(last);
    expect(listener.headers).toMatchObject([{ resumed: false }]);
    expect(listener.seqs[0]).toBeGreaterThan(31);
    expect((await listener.state()).describe()).toBe((await coordinator.replay()).describe());
  });

  test.each([
    ["what is not there yet", "99"],
    ["another history's events", `6&hash=${"f".repeat(64)}`],
    ["the middle of an entry", "4"],
    ["nothing", "0"],
  ])("with %s begins anew", async (_what, after) => {
    const coordinator = new TestCoordinator();
    await used(coordinator, 3);
    const listener = await Listener.open(
      await inspectorOf(coordinator),
      `/api/history?after=${after}`,
    );
    await listener.untilSeq(9);
    expect(listener.headers).toMatchObject([{ resumed: false }]);
    expect(listener.seqs).toEqual(countTo(9));
  });

  test("with the hash of what it has seen goes on behind just that", async () => {
    const coordinator = new TestCoordinator();
    await used(coordinator, 3);
    const [, , , third] = await exported(coordinator);
    const { seq, hash, events } = JSON.parse(third ?? "");
    const after = seq + events.length - 1;
    const listener = await Listener.open(
      await inspectorOf(coordinator),
      `/api/history?after=${after}&hash=${hash}`,
    );
    await listener.untilSeq(9);
    expect(listener.headers).toMatchObject([{ resumed: true }]);
    expect(listener.seqs[0]).toBe(after + 1);
  });
});

describe("a long history", () => {
  test("begins at the newest checkpoint with enough behind it", async () => {
    const coordinator = new TestCoordinator({ historyRetention: 1_024 });
    await used(coordinator, 600);
    const { history } = coordinator.past;
    const beginsAt = async (enough: number) => {
      const seq = await beginningOf(history, enough);
      const [header = "", ...lines] = await exported(coordinator);
      const kept = lines.filter((line) => JSON.parse(line).seq >= seq);
      const { entries } = await readHistory([header, ...kept]);
      expect((await replay(entries)).describe()).toBe((await coordinator.replay()).describe());
      return seq;
    };
    const last = await headOf(coordinator);
    const first = await beginsAt(1_000_000);
    expect(first).toBeGreaterThan(1);
    const late = await beginsAt(300);
    expect(late).toBeGreaterThan(first);
    expect(last - late + 1).toBeGreaterThanOrEqual(300);
    expect(last - late + 1).toBeLessThan(300 + 2 * 128);
  });
});

describe("an export", () => {
  test("is read to its end, and then the stream ends", async () => {
    const coordinator = new TestCoordinator();
    await used(coordinator, 3);
    const [header = "", ...lines] = await exported(coordinator);
    const inspector = await inspectorOf(sourceOf([header, ...lines]));
    const listener = await Listener.open(inspector);
    await listener.until(() => listener.of("end").length === 1);
    expect(listener.lines).toEqual(lines);
    expect(listener.headers).toEqual([
      {
        ...JSON.parse(header),
        source: "file",
        name: "incident.jsonl",
        live: false,
        actions: false,
        resumed: false,
      },
    ]);
    expect(listener.messages.at(-1)).toMatchObject({ event: "end", data: ["{}"] });

    const again = await Listener.open(inspector, "/api/history?after=6");
    await again.until(() => again.of("end").length === 1);
    expect(again.headers).toMatchObject([{ resumed: true }]);
    expect(again.seqs).toEqual([7, 8, 9]);
  });

  test("that is damaged is shown up to there, with what is wrong", async () => {
    const coordinator = new TestCoordinator();
    await used(coordinator, 3);
    const lines = await exported(coordinator);
    const listener = await Listener.open(
      await inspectorOf(sourceOf([...lines.slice(0, 4), "{", ...lines.slice(4)])),
    );
    await listener.until(() => listener.of("end").length === 1);
    expect(listener.lines).toEqual(lines.slice(1, 4));
    expect(listener.of("trouble")[0]?.data[0]).toContain("line 5: this is no whole entry");
  });

  test("that is none is refused at once", async () => {
    await expect(inspectorOf(sourceOf(["hello"]))).rejects.toThrow(
      "not the beginning of a history",
    );
    await expect(inspectorOf(sourceOf([]))).rejects.toThrow("there is nothing in it");
    const options = { allowActions: true };
    const lines = await exported(new TestCoordinator());
    await expect(inspectorOf(sourceOf(lines), options)).rejects.toThrow(
      "allowActions needs a coordinator",
    );
  });
});

test("another history is not taken for what comes next, though its numbers fit", async () => {
  const [one, other] = [new TestCoordinator(), new TestCoordinator({ startAt: 1_000 })];
  await Promise.all([used(one, 4), used(other, 4)]);
  const [entries, others] = await Promise.all([one, other].map(entriesOf));
  const mixed = [...(entries ?? []).slice(0, 4), ...(others ?? []).slice(4)];
  const { seq, hash } = placeOf(mixed[1] ?? fail());
  const read: number[] = [];
  const reading = (async () => {
    for await (const entry of entriesBehind({ seq, hash }, from(mixed))) read.push(entry.seq);
  })();
  await expect(reading).rejects.toThrow(
    "event 7: its hash does not continue that of the entry before",
  );
  expect(read).toEqual([4, 6]);
});

test("a history with a hole is not told as if it were whole", async () => {
  const coordinator = new TestCoordinator();
  await used(coordinator, 6);
  const { history } = coordinator.past;
  const entries = history.entries.bind(history);
  // What somebody has done to the stream in Redis.
  history.entries = async function* (range) {
    for await (const entry of entries(range)) if (entry.seq !== 9) yield entry;
  };
  const listener = await Listener.open(await inspectorOf(coordinator));
  await listener.until(() => listener.of("trouble").length === 1);
  expect(listener.of("trouble")[0]?.data[0]).toContain("event 9 must come next");
  await listener.until(() => listener.text.endsWith(":\n\n"));
  expect(listener.seqs.at(-1)).toBe(8);
  expect(
    listener.messages.filter(({ event }) => event === "trouble" || event === "well"),
  ).toHaveLength(1);
});

describe("closing", () => {
  test("ends the streams, frees the port, and can be done twice", async () => {
    const coordinator = new TestCoordinator();
    const inspector = await inspectorOf(coordinator);
    const listener = await Listener.open(inspector);
    await Promise.all([inspector.close(), inspector.close()]);
    await listener.until(({ hasEnded }) => hasEnded);
    await expect(refusal(inspector, "/")).rejects.toThrow("ECONNREFUSED");
    await inspectorOf(coordinator, { port: inspector.port });
  });

  test("leaves the coordinator as it is", async () => {
    const coordinator = new TestCoordinator();
    {
      await using inspector = await inspectorOf(coordinator);
      await Listener.open(inspector);
    }
    await used(coordinator, 1);
    expect(await headOf(coordinator)).toBe(3);
  });
});

function countTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

async function entriesOf(coordinator: Coordinator): Promise<StoredEntry[]> {
  const { entries } = await readHistory(await exported(coordinator));
  const all = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function fail(): never {
  throw new Error("there is no such entry");
}
