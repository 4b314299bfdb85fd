/** The inspector's page in a real browser: what others wrote does no harm, and who has no leave sees and does nothing. */

import { describe, expect, test } from "vitest";
import { until } from "../support/browser.js";
import {
  choose,
  loaded,
  seenReasons,
  seenRows,
  untilActive,
  untilLink,
} from "../support/inspector-page.js";
import { inMemory, inspected, useBrowser } from "./browser-support.js";

const opened = useBrowser();

test("names, ids and metadata are text, whatever they contain", async () => {
  const evil = '"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
  const coordinator = inMemory();
  const semaphore = coordinator.semaphore({
    name: evil,
    value: 1,
    metadata: { [evil]: evil, "</style>": "javascript:pwned=1" },
  });
  const acquisition = await semaphore.acquire();
  void semaphore.acquire().catch(() => undefined);
  const { page, complaints } = await opened((await inspected(coordinator)).url);
  await loaded(page, 3);
  expect(await seenRows(page)).toEqual([{ name: evil, held: 1, value: 1, queued: 1 }]);
  await choose(page, acquisition.id);
  expect(await page.locator(".facts").textContent()).toContain(evil);
  await choose(page, evil);
  expect(await page.locator(".acquisition h2").textContent()).toBe(evil);
  await page.locator(".event-row").first().click();
  await page.locator(".semaphore-row[data-name]").click();
  const harm = await page.evaluate(
    `[window.pwned, document.querySelectorAll("img, body script, iframe, [onerror]").length]`,
  );
  expect(harm).toEqual([undefined, 0]);
  expect(complaints).toEqual([]);
});

test("a name that would reverse its line is shown as it is written", async () => {
  const coordinator = inMemory();
  const name = "\u202eexe.\u2066api";
  const shown = "\\u202eexe.\\u2066api";
  const semaphore = coordinator.semaphore({ name, value: 1, metadata: { [name]: name } });
  const acquisition = await semaphore.acquire();
  const { page } = await opened((await inspected(coordinator)).url);
  await loaded(page, 2);
  await choose(page, acquisition.id);
  expect(await page.locator(".semaphore-row .name").allTextContents()).toEqual([shown]);
  expect(await page.locator(".event-row .line").first().textContent()).toContain(shown);
  expect(await page.locator(".facts").textContent()).toContain(shown);
  expect(await page.locator("body").innerText()).not.toMatch(/\p{Bidi_Control}/u);
});

describe("with a token", () => {
  test("who has none is refused, and sees nothing until he gives it", async () => {
    const coordinator = inMemory();
    await coordinator.semaphore({ name: "secret-name", value: 1 }).acquire();
    const inspector = await inspected(coordinator, { token: "a-token-of-more-than-16" });
    const { page } = await opened(inspector.url.split("#")[0] ?? "");
    await untilLink(page, "refused");
    expect(await page.content()).not.toContain("secret-name");
    await page.getByLabel("Token").fill("a-wrong-token-it-is");
    await page.keyboard.press("Enter");
    await until(page, `document.querySelector("[data-link]").dataset.link === "refused"`);
    await page.getByLabel("Token").fill("a-token-of-more-than-16");
    await page.keyboard.press("Enter");
    await untilLink(page, "live");
    await loaded(page, 2);
  });

  test("the address brings it and loses it; actions ask for a name, and are done", async () => {
    const coordinator = inMemory();
    const semaphore = coordinator.semaphore({ name: "api", value: 1 });
    const acquisition = await semaphore.acquire();
    const inspector = await inspected(coordinator, { allowActions: true });
    const { page, requests } = await opened(inspector.url);
    await untilLink(page, "live");
    expect(new URL(page.url()).hash).toBe("");
    expect(requests.filter((url) => url.includes("token"))).toEqual([]);
    await page.locator('.semaphore-row[data-name="api"]').click();
    await page.getByRole("button", { name: "Resize …" }).click();
    await page.getByRole("spinbutton").fill("3");
    await page.getByPlaceholder("your name").fill("maria");
    await page.getByRole("button", { name: "Resize", exact: true }).click();
    await until(page, `document.querySelector('[data-figure="value"]').textContent === "3"`);
    await choose(page, acquisition.id);
    await page.getByRole("button", { name: "Revoke …" }).click();
    await page.getByLabel("with force").check();
    expect(await page.getByPlaceholder("your name").inputValue()).toBe("maria");
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await untilActive(page, "expired");
    expect(acquisition.signal.aborted).toBe(true);
    expect(await seenReasons(page)).toContainEqual(expect.stringContaining("revoked"));
  });

  test("without leave, nothing can be done: there are no buttons for it", async () => {
    const coordinator = inMemory();
    const acquisition = await coordinator.semaphore({ name: "api", value: 1 }).acquire();
    const { page } = await opened((await inspected(coordinator)).url);
    await choose(page, acquisition.id);
    expect(await page.getByRole("button", { name: "Revoke …" }).count()).toBe(0);
  });
});
