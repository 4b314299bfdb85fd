/** The inspector's page in a real browser, with an export that was opened: without a server, and whatever is in it. */

import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { until } from "../support/browser.js";
import { loaded, seenRows, seenSeq, untilLink } from "../support/inspector-page.js";
import { inMemory, inspected, useBrowser } from "./browser-support.js";
import { recorded } from "./page-support.js";

const opened = useBrowser();

describe("a file", () => {
  test("opens without a server: plain, gzipped, dropped as text", async () => {
    const { lines, coordinator } = await recorded(30);
    const end = (await coordinator.replay()).seq;
    const text = `${lines.join("\n")}\n`;
    const inspector = await inspected(inMemory());
    const { page, complaints } = await opened(inspector.url);
    await untilLink(page, "live");
    await inspector.close();
    const expected = (await coordinator.replay())
      .semaphores()
      .map(({ name, acquiredSlots: held, maxSlots: value, queued }) => ({
        name,
        held,
        value,
        queued,
      }));
    for (const [name, body] of [
      ["night.jsonl", Buffer.from(text)],
      ["night.jsonl.gz", gzipSync(text)],
    ] as const) {
      await page
        .locator("input[type=file]")
        .setInputFiles({ name, mimeType: "text/plain", buffer: body });
      await untilLink(page, "ended");
      await until(page, `document.querySelector(".source b").textContent === "${name}"`);
      await loaded(page, end);
      expect(await seenRows(page)).toEqual(expected);
    }
    await page.evaluate(`{
      const data = new DataTransfer();
      data.setData("text/plain", ${JSON.stringify(text)});
      dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
    }`);
    await until(page, `document.querySelector(".source b").textContent === "what was pasted"`);
    await loaded(page, end);
    expect(await seenRows(page)).toEqual(expected);
    expect(complaints.filter((text) => !text.includes("ERR_"))).toEqual([]);
  });

  test("that is none, or is damaged, is refused with a reason", async () => {
    const { lines } = await recorded(5);
    const { page } = await opened((await inspected(inMemory())).url);
    const refused = async (text: string, reason: string) => {
      const buffer = Buffer.from(text);
      await page
        .locator("input[type=file]")
        .setInputFiles({ name: "x", mimeType: "text/plain", buffer });
      await until(
        page,
        `document.querySelector("[data-link] .message")?.textContent.includes("${reason}")`,
      );
      await untilLink(page, "damaged");
    };
    await untilLink(page, "live");
    await refused("hello", "not the beginning of a history");
    await refused("", "nothing in it");
    await refused([...lines.slice(0, 3), ...lines.slice(5)].join("\n"), "must come next");
    // What came before the damage stays to be looked at.
    expect(await seenSeq(page)).toBeGreaterThan(0);
  });
});
