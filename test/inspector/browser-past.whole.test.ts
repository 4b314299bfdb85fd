/** The inspector's page in a real browser, looking back: a moment is what replay says of it, and filters find what history does. */

import { expect, test } from "vitest";
import { describeExplanation, explain } from "../../src/index.js";
import type { Coordinator } from "../../src/semaphore/coordinator.js";
import { until } from "../support/browser.js";
import {
  choose,
  loaded,
  scrubTo,
  seenChart,
  seenReasons,
  seenRows,
  seenSeq,
} from "../support/inspector-page.js";
import { inspected, useBrowser } from "./browser-support.js";
import { recorded } from "./page-support.js";

const opened = useBrowser();

test("scrubbing back and forth shows in every panel what replay says of that moment", async () => {
  const { coordinator, entries } = await recorded(40);
  const end = (await coordinator.replay()).seq;
  const inspector = await inspected(coordinator);
  const { page, complaints } = await opened(inspector.url);
  await loaded(page, end);
  const about = entries.flatMap(({ events }) => /"acquisition":"([^"]+)"/.exec(events)?.[1] ?? []);
  const id = about[Math.floor(about.length / 2)] ?? "";
  await choose(page, id);
  for (const seq of [end - 1, 5, Math.floor(end / 2), Math.floor(end / 2) + 1, 0, end]) {
    await scrubTo(page, seq);
    const then = await coordinator.replay({ untilSeq: seq });
    const expected = then.semaphores().map(({ name, acquiredSlots, maxSlots, queued }) => ({
      ...{ name, held: acquiredSlots, value: maxSlots, queued },
    }));
    expect(await seenRows(page)).toEqual(expected);
    expect(await seenSeq(page)).toBe(seq);
    const count = await page.locator('[data-figure="events"]').textContent();
    expect(count?.replaceAll(",", "")).toBe(`${seq} of ${end}`);
    const explanation = await explain(entries, id, { untilSeq: seq });
    expect(await seenReasons(page)).toEqual(
      describeExplanation(explanation).map((line) => line.trim()),
    );
    const own = entries.flatMap(
      ({ events }): { seq: number; type: string; acquisition?: string }[] => JSON.parse(events),
    );
    const last = own.findLast((event) => event.acquisition === id && event.seq <= seq);
    const { active } = await seenChart(page);
    expect(active.replace("heartbeating", "held")).toBe(
      last?.type.replace("granted", "held") ?? "",
    );
  }
  await page.keyboard.press("l");
  await until(page, `document.querySelector(".go-live").getAttribute("aria-pressed") === "true"`);
  expect(complaints).toEqual([]);
});

test("the history is filtered and searched", async () => {
  const { coordinator } = await recorded(30);
  const { page } = await opened((await inspected(coordinator)).url);
  const counted = async (query: Parameters<Coordinator["history"]>[0]) => {
    let count = 0;
    for await (const _ of coordinator.history(query)) count++;
    return count;
  };
  await loaded(page, await counted({}));
  const shows = (count: number) =>
    until(page, `document.querySelector('[data-figure="events"]').textContent === "${count}"`);
  await page.getByLabel("Type of event").selectOption("granted");
  await shows(await counted({ types: ["granted"] }));
  await page.getByLabel("Only this semaphore").fill("gpu");
  await shows(await counted({ types: ["granted"], semaphore: "gpu" }));
  expect(await page.locator(".event-row .line").first().textContent()).toMatch(
    /^granted .* on gpu /,
  );
  await page.getByRole("button", { name: "Clear" }).click();
  await page.keyboard.press("/");
  await page.keyboard.type("nothing is called so");
  await until(page, `document.querySelector(".history .empty")`);
});
