/** The inspector's page in a real browser, live: what it shows is what is so, also when a connection breaks. */

import { describe, expect, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { createInspector } from "../../src/inspector/index.js";
import { until } from "../support/browser.js";
import {
  choose,
  loaded,
  scrubTo,
  seenChart,
  seenRows,
  untilActive,
  untilLink,
} from "../support/inspector-page.js";
import { startRedis } from "../support/redis-server.js";
import { inMemory, inspected, useBrowser } from "./browser-support.js";
import { recorded } from "./page-support.js";

const opened = useBrowser();

describe("live", () => {
  test("what happens is seen without asking", async () => {
    const coordinator = inMemory();
    const api = coordinator.semaphore({ name: "api", value: 2 });
    const inspector = await inspected(coordinator);
    const { page, complaints } = await opened(inspector.url);
    await untilLink(page, "live");
    expect(await page.locator(".history .empty").textContent()).toMatch(/Nothing has happened yet/);

    const [first] = await Promise.all([api.acquire(), api.acquire()]);
    const third = api.acquire();
    await until(page, `document.querySelector('[data-figure="queued"]')?.textContent === "1"`);
    expect(await seenRows(page)).toEqual([{ name: "api", held: 2, value: 2, queued: 1 }]);
    await first.release();
    await third;
    await until(page, `document.querySelector('[data-figure="queued"]')?.textContent === "0"`);
    expect(await seenRows(page)).toEqual([{ name: "api", held: 2, value: 2, queued: 0 }]);
    expect(complaints).toEqual([]);
  });

  test("the statechart follows a real acquisition on Redis", async () => {
    await using server = await startRedis();
    await using coordinator = new RedisCoordinator(server.url);
    const semaphore = coordinator.semaphore({
      name: "deploy",
      value: 1,
      heartbeatMaxIntervalMs: 1_000,
    });
    const first = await semaphore.acquire();
    const waiting = semaphore.acquire();
    await untilTrue(async () => (await semaphore.waiters()).length === 1);
    const [waiter] = await semaphore.waiters();

    await using inspector = await createInspector(coordinator, { port: 0 });
    const { page } = await opened(inspector.url);
    await choose(page, waiter?.id ?? "");
    await untilActive(page, "queued");
    await first.release();
    const second = await waiting;
    expect(second.id).toBe(waiter?.id);
    await untilActive(page, "heartbeating");
    expect((await seenChart(page)).last).toMatch(/>heartbeat$/);
    await second.release();
    await untilActive(page, "released");
    expect((await seenChart(page)).last).toBe("heartbeating>released");
    expect(await page.locator(".state.active .title").textContent()).toBe("released");
  });

  test("a connection that breaks is taken up where it was", async () => {
    const coordinator = inMemory();
    const api = coordinator.semaphore({ name: "api", value: 1 });
    const before = await createInspector(coordinator, { port: 0 });
    const held = await api.acquire();
    const { page } = await opened(before.url);
    await loaded(page, 2);
    await before.close();
    await untilLink(page, "lost");
    await held.release();
    await api.acquire();
    await inspected(coordinator, { port: before.port });
    await untilLink(page, "live");
    await loaded(page, 5);
    expect(await page.locator("[data-link] b").textContent()).toBe("Live, resumed once");
    expect(await seenRows(page)).toEqual([{ name: "api", held: 1, value: 1, queued: 0 }]);
  });

  test("damage is over as soon as another history begins", async () => {
    const coordinator = inMemory();
    const inspector = await inspected(coordinator);
    const { page } = await opened(inspector.url);
    await untilLink(page, "live");
    const damaged =
      'event: header\ndata: {"slotstream":"history","version":1,"live":true}\n\n' +
      "event: entries\nid: 7\ndata: nonsense\n\n";
    const contentType = "text/event-stream";
    await page.route("**/api/history*", (route) => route.fulfill({ contentType, body: damaged }), {
      times: 1,
    });
    await page.reload();
    await untilLink(page, "live");
    await coordinator.semaphore({ name: "api", value: 1 }).acquire();
    await loaded(page, 2);
    expect(await seenRows(page)).toEqual([{ name: "api", held: 1, value: 1, queued: 0 }]);
  });
});

test("back from the past, every panel is at what is now", async () => {
  const { coordinator } = await recorded(150);
  const end = (await coordinator.replay()).seq;
  const { page } = await opened((await inspected(coordinator)).url);
  await loaded(page, end);
  await scrubTo(page, 10);
  await page.locator(".canvas-box canvas").press("ArrowLeft");
  const lastRow = `document.querySelector("#event-${end}")`;
  const follows = `document.querySelector(".lanes .tool[aria-pressed]").getAttribute("aria-pressed")`;
  await until(page, `!${lastRow} && ${follows} === "false"`);
  await page.keyboard.press("l");
  await until(page, `${lastRow} && ${follows} === "true"`);
});

/** Asks again and again, at once: the answer is a round trip away. */
async function untilTrue(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}
