/** Long histories, and readers that do not read: neither the page nor the process gets more than it can take. */

import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, onTestFinished, test } from "vitest";
import { readHistory } from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { inspectorOf, Listener, longHistory } from "./server-support.js";

describe("a long history", () => {
  test("begins at the newest checkpoint with 100,000 events behind it", async () => {
    const coordinator = new TestCoordinator({ historyRetention: 120_000 });
    const semaphore = coordinator.semaphore({ name: "api", value: 1 });
    for (let time = 0; time < 40_000; time++) await semaphore.use(async () => {});
    const { seq: last } = await coordinator.past.history.head();
    const listener = await Listener.open(await inspectorOf(coordinator));
    await listener.untilSeq(last);
    const { lines } = listener;
    const first = JSON.parse(lines[0] ?? "").seq;
    expect(last - first + 1).toBeGreaterThanOrEqual(100_000);
    expect(last - first + 1).toBeLessThan(120_000);
    expect(JSON.parse(lines[0] ?? "")).toHaveProperty("state");
    for (const { data } of listener.of("entries"))
      expect(data.join("").length).toBeLessThan(300_000);
  });
});

describe("who does not read", () => {
  test("of a live history holds on to nothing that is no longer kept, and is told where to begin anew", async () => {
    const coordinator = new TestCoordinator({ historyRetention: 1_000 });
    let used = 0;
    const use = async (times: number) => {
      for (let time = 0; time < times; time++) {
        const metadata = { filling: `${used++}`.padEnd(1_000, "x") };
        await coordinator.semaphore({ name: "api", value: 1, metadata }).use(async () => {});
      }
    };
    await use(1);
    const inspector = await inspectorOf(coordinator);
    const slow = await Listener.open(inspector);
    await slow.untilSeq(3);
    slow.pause();
    // More than the system keeps for it.
    for (let round = 0; round < 20; round++) {
      await use(500);
      await nextTurn();
    }
    const other = await Listener.open(inspector);
    await other.until(() => other.of("now").length === 3);
    other.leave();

    const before = heapMegabytes();
    for (let round = 0; round < 25; round++) {
      await use(1_000);
      await nextTurn();
    }
    expect(heapMegabytes() - before).toBeLessThan(15);

    slow.resume();
    await slow.untilSeq((await coordinator.replay()).seq);
    expect(slow.headers).toMatchObject([{ resumed: false }, { resumed: false }]);
    expect((await slow.state()).describe()).toBe((await coordinator.replay()).describe());
  });

  test("makes the reading wait, and gets all of it later", async () => {
    const [count, bytes] = [4_000, 16_384];
    const read: number[] = [];
    const source = {
      name: "long.jsonl",
      read: () => {
        const number = read.push(0) - 1;
        return readHistory(
          counted(longHistory(count, bytes), () => (read[number] = (read[number] ?? 0) + 1)),
        );
      },
    };
    const inspector = await inspectorOf(source);
    const idle = connect(inspector.port, "127.0.0.1");
    onTestFinished(() => void idle.destroy());
    idle.write(`GET /api/history HTTP/1.1\r\nHost: 127.0.0.1:${inspector.port}\r\n\r\n`);
    await firstBytes(idle);
    idle.pause();

    // By the time when somebody else has read all of it, whoever was quick would be done as well.
    const busy = await Listener.open(inspector);
    await busy.until(() => busy.of("end").length === 1);
    const idleLines = Math.min(...read.filter((lines) => lines > 10));
    expect(idleLines * bytes).toBeLessThan(24_000_000);
    expect(Math.max(...read)).toBe(count + 1);

    const ended = new Promise<number>((resolve) => {
      let length = 0;
      idle.on("data", (chunk) => {
        length += chunk.length;
        if (chunk.includes("event: end")) resolve(length);
      });
    });
    idle.resume();
    expect(await ended).toBeGreaterThan(count * bytes - idleLines * bytes);
  });
});

function* counted(lines: Iterable<string>, count: () => void): Generator<string> {
  for (const line of lines) {
    count();
    yield line;
  }
}

function firstBytes(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once("data", () => resolve()));
}

/** What is still needed. */
function heapMegabytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
