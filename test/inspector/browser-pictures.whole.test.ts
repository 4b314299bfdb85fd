/** The pictures of the documentation, taken of a fleet in simulated time: `UPDATE_PICTURES=1 npx vitest run test/inspector/browser-pictures`. */

import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createInspector } from "../../src/inspector/index.js";
import { NARROW, startBrowser, visit } from "../support/browser.js";
import { choose, loaded } from "../support/inspector-page.js";
import { Scene } from "./scene.js";

const FOLDER = fileURLToPath(new URL("../../docs/images", import.meta.url));
const MOST_BYTES = 300 * 1024;

/** An hour at which much is going on: queues everywhere, and some that were taken their slots. */
const SCENE = { startAt: Date.UTC(2026, 10, 23, 14, 3), seed: 8, events: 10_000, lastsMs: 68_000 };

/** Sharp, and yet small enough. */
const SIZES = [
  [{ width: 1280, height: 880 }, 1.25],
  [NARROW, 2],
] as const;

test.runIf(process.env.UPDATE_PICTURES)("pictures are taken", { timeout: 120_000 }, async () => {
  mkdirSync(FOLDER, { recursive: true });
  const scene = new Scene(SCENE.startAt, SCENE.seed, SCENE.events, "production");
  await scene.run(SCENE.lastsMs);
  const browser = await startBrowser();
  await using inspector = await createInspector(scene.first, { port: 0 });
  const { seq } = await scene.first.replay();
  const [waiter] = await scene.first.waiters("deploy");
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [viewport, deviceScaleFactor] of SIZES) {
      const options = { viewport, colorScheme, deviceScaleFactor };
      await using visited = await visit(browser, inspector.url, options);
      const { page } = visited;
      await loaded(page, seq);
      await choose(page, waiter?.id ?? "");
      const path = join(FOLDER, `inspector-${viewport.width}-${colorScheme}.png`);
      await page.screenshot({ path });
      expect(visited.complaints).toEqual([]);
      expect(statSync(path).size).toBeLessThan(MOST_BYTES);
    }
  }
  await browser.close();
});
