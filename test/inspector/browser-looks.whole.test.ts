/** The inspector's page in the hand: by keys alone, wide and narrow, light and dark. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createInspector, type Inspector } from "../../src/inspector/index.js";
import { NARROW, startBrowser, until, type VisitOptions, visit, WIDE } from "../support/browser.js";
import { choose, loaded, seenSeq } from "../support/inspector-page.js";
import { recorded } from "./page-support.js";

let browser: Browser;
let inspector: Inspector;
let end: number;
let waiting: string;

beforeAll(async () => {
  browser = await startBrowser();
  const { coordinator } = await recorded(45);
  inspector = await createInspector(coordinator, { port: 0 });
  end = (await coordinator.replay()).seq;
  for await (const event of coordinator.history({ types: ["queued"] })) {
    if (event.type === "queued") waiting = event.acquisition;
  }
});
afterAll(async () => {
  await inspector.close();
  await browser.close();
});

async function opened(options: VisitOptions = {}): Promise<Page> {
  const visited = await visit(browser, inspector.url, options);
  onTestFinished(() => visited[Symbol.asyncDispose]());
  await loaded(visited.page, end);
  return visited.page;
}

describe("by keys alone", () => {
  test("everything is reached by Tab, and one sees where one is", async () => {
    const page = await opened();
    const reached: string[] = [];
    for (let count = 0; count < 40; count++) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate<{ name: string; outline: string }>(`(() => {
        const node = document.activeElement;
        const name = node === document.body ? "" : (node.getAttribute("aria-label") ?? node.textContent);
        return { name: name.slice(0, 40), outline: getComputedStyle(node).outlineStyle };
      })()`);
      if (reached.includes(focus.name)) break;
      if (focus.name !== "") expect(focus).toEqual({ ...focus, outline: "solid" });
      reached.push(focus.name);
    }
    expect(reached).toEqual(
      expect.arrayContaining([
        ...[
          "Open …",
          "Keys",
          "Semaphores",
          "Zoom in",
          "Follow",
          "Search in events",
          "Type of event",
        ],
        ...["Events", "Who holds and waits", "Play (Space)", "Speed", "Event", "Live"],
      ]),
    );
  });

  test("time is stepped and played, lists are moved in, help comes and goes", async () => {
    const page = await opened();
    await page.keyboard.press("[");
    await until(page, `document.querySelector(".moment").dataset.seq === "${end - 1}"`);
    await page.locator("#scrub").focus();
    await page.keyboard.press("ArrowLeft");
    await until(page, `document.querySelector(".moment").dataset.seq === "${end - 2}"`);
    await page.getByRole("listbox", { name: "Events" }).focus();
    await page.keyboard.press("ArrowUp");
    await until(page, `document.querySelector(".moment").dataset.seq === "${end - 3}"`);
    await page.keyboard.press("Home");
    await until(page, `document.querySelector(".moment").dataset.seq === "1"`);
    await page.keyboard.press("Space");
    await until(page, `Number(document.querySelector(".moment").dataset.seq) > 4`);
    await page.keyboard.press("Space");
    await until(page, `document.querySelector('[aria-label="Play (Space)"]')`);
    expect(await seenSeq(page)).toBeLessThan(end);

    await page.getByRole("listbox", { name: "Semaphores" }).focus();
    await page.keyboard.press("ArrowDown");
    await until(page, `document.querySelector('.semaphore-row[aria-selected="true"]')`);
    // First of the acquisition, then of the semaphore.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await until(page, `!document.querySelector('.semaphore-row[aria-selected="true"]')`);
    await page.keyboard.press("?");
    await until(page, `document.querySelector("dialog").open`);
    await page.keyboard.press("Escape");
    await until(page, `!document.querySelector("dialog").open`);
    await page.keyboard.press("/");
    expect(await page.evaluate(`document.activeElement.id`)).toBe("search");
  });

  test("the lanes are panned and zoomed, by wheel as well, and a click chooses", async () => {
    const page = await opened();
    const canvas = page.locator(".lanes canvas");
    const span = () =>
      page.evaluate<number>(`Number(document.querySelector(".lanes canvas").dataset.span)`);
    const before = await span();
    await canvas.focus();
    for (let count = 0; count < 6; count++) await page.keyboard.press("+");
    await until(page, `Number(document.querySelector(".lanes canvas").dataset.span) < ${before}`);
    const zoomedIn = await span();
    await canvas.hover({ position: { x: 300, y: 90 } });
    await page.mouse.wheel(0, 900);
    await until(page, `Number(document.querySelector(".lanes canvas").dataset.span) > ${zoomedIn}`);
    await page.keyboard.press("ArrowLeft");
    await until(
      page,
      `document.querySelector(".lanes [aria-pressed]").getAttribute("aria-pressed") === "false"`,
    );
    let id: string | undefined;
    for (let x = 100; x < 700 && id === undefined; x += 23) {
      await canvas.hover({ position: { x, y: 48 } });
      // What the pointer is over is shown in the next frame.
      await until(page, "true");
      await until(page, "true");
      [id] = await page.locator(".tip b").allTextContents();
    }
    expect(id).toMatch(/-\d+$/);
    await page.mouse.down();
    await page.mouse.up();
    await until(
      page,
      `document.querySelector(".acquisition h2 code")?.textContent === ${JSON.stringify(id)}`,
    );
  });
});

describe.each([
  ["1280 px wide", WIDE],
  ["390 px wide", NARROW],
])("%s", (_name, viewport) => {
  test.each(["light", "dark"] as const)("%s: all fits, and can be read", async (colorScheme) => {
    const page = await opened({ viewport, colorScheme });
    await choose(page, waiting);
    const seen = await page.evaluate<Record<string, unknown>>(`({
      overflow: document.documentElement.scrollWidth - innerWidth,
      panels: [...document.querySelectorAll(".panel")].filter((panel) => {
        const { width, height, left, right } = panel.getBoundingClientRect();
        return width > 300 && height > 100 && left >= 0 && right <= innerWidth;
      }).length,
      cut: [...document.querySelectorAll("button, .figures, .number, h2")]
        .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1)
        .map((node) => node.textContent),
    })`);
    expect(seen).toEqual({ overflow: 0, panels: 4, cut: [] });
    expect(await contrasts(page)).toEqual([]);
  });
});

test("the colours are those of the system until one chooses others, which are remembered", async () => {
  const page = await opened({ colorScheme: "dark" });
  const ground = () => page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`);
  const dark = await ground();
  await page.keyboard.press("t");
  await until(page, `document.documentElement.dataset.theme === "light"`);
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await ground()).toBe(light);
  await page.keyboard.press("t");
  await until(page, `document.documentElement.dataset.theme === "dark"`);
  expect(await ground()).toBe(dark);
});

/** Texts that stand out too little from what they stand on: less than 4.5 to 1. */
function contrasts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const over = (colour, under) => {
      context.fillStyle = under;
      context.fillRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
      return "rgb(" + r + "," + g + "," + b + ")";
    };
    const luminance = (colour) => {
      const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const groundOf = (node) => {
      if (node === null) return "rgb(255,255,255)";
      const own = getComputedStyle(node).backgroundColor;
      return over(own, groundOf(node.parentElement));
    };
    const weak = new Set();
    for (const node of document.querySelectorAll("h1, h2, h3, p, span, b, dt, dd, li, button, code, time")) {
      const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== "");
      if (!hasText || !node.checkVisibility() || node.closest(".future, :disabled, .hidden")) continue;
      const ground = groundOf(node);
      const text = over(getComputedStyle(node).color, ground);
      const [high, low] = [luminance(text), luminance(ground)].sort((a, b) => b - a);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < 4.5) weak.add(node.tagName + "." + node.className + " " + ratio.toFixed(2));
    }
    return [...weak];
  })()`);
}
