/** What a reader sees in the inspector's page, and does there: for tests that compare it with what is so. */

import type { Page } from "playwright-core";
import { until } from "./browser.js";

export interface SeenRow {
  readonly name: string;
  readonly held: number;
  readonly value: number;
  readonly queued: number;
}

/** The table of semaphores, by name. */
export function seenRows(page: Page): Promise<SeenRow[]> {
  return page.evaluate<
    SeenRow[]
  >(`[...document.querySelectorAll(".rows .semaphore-row")].map((row) => {
    const figure = (name) => Number(row.querySelector('[data-figure="' + name + '"]').textContent.replaceAll(",", ""));
    return { name: row.dataset.name, held: figure("held"), value: figure("value"), queued: figure("queued") };
  }).sort((a, b) => (a.name < b.name ? -1 : 1))`);
}

/** The number of the event that is shown. */
export function seenSeq(page: Page): Promise<number> {
  return page.evaluate<number>(`Number(document.querySelector(".moment").dataset.seq)`);
}

/** Resolves when all events up to this one have come. */
export async function loaded(page: Page, seq: number): Promise<void> {
  await until(page, `Number(document.querySelector("#scrub")?.max) >= ${seq}`);
}

/** Moves the slider of time, and resolves when all panels are there. */
export async function scrubTo(page: Page, seq: number): Promise<void> {
  await page.locator("#scrub").fill(String(seq));
  await until(
    page,
    `document.querySelector('.moment[data-seq="${seq}"][data-settled="true"]') &&
     document.querySelector(".why")?.dataset.kind !== ""`,
  );
}

/** Chooses an acquisition by the address, as a link would. */
export async function choose(page: Page, id: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`id=${encodeURIComponent(id)}`)}`);
  await until(page, `document.querySelector(".why")?.dataset.kind`);
}

/** The state that lights up in the statechart, and the event that led there. */
export function seenChart(page: Page): Promise<{ active: string; last: string }> {
  return page.evaluate(`({ ...document.querySelector("svg.chart").dataset })`);
}

export async function untilActive(page: Page, state: string): Promise<void> {
  await until(page, `document.querySelector("svg.chart").dataset.active === "${state}"`);
}

/** The lines of why. */
export function seenReasons(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll(".why .answer, .why li")].map((line) => line.textContent)`,
  );
}

/** How the connection is. */
export async function untilLink(page: Page, state: string): Promise<void> {
  await until(page, `document.querySelector("[data-link]")?.dataset.link === "${state}"`);
}
