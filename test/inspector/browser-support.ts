/** A browser for all tests of a file, inspectors that end with their test, and what must be so of every visit. */

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from "vitest";
import { MemoryCoordinator } from "../../src/index.js";
import {
  createInspector,
  type Inspector,
  type InspectorOptions,
} from "../../src/inspector/index.js";
import type { Coordinator } from "../../src/semaphore/coordinator.js";
import { startBrowser, type Visit, type VisitOptions, visit } from "../support/browser.js";

/** Call it once, outside of all tests. After each it looks whether anybody but the inspector was asked for anything. */
export function useBrowser() {
  let browser: Browser;
  const visits: { readonly visit: Visit; readonly origin: string }[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const { visit, origin } of visits.splice(0)) {
      const foreign = visit.requests.filter((url) => new URL(url).origin !== origin);
      const isOutside = (url: string) => !url.startsWith("data:") && !url.startsWith("blob:");
      expect(foreign.filter(isOutside)).toEqual([]);
      expect(visit.requests.length).toBeGreaterThan(2);
      await visit[Symbol.asyncDispose]();
    }
  });

  return async function opened(url: string, options: VisitOptions = {}): Promise<Visit> {
    const visited = await visit(browser, url, options);
    visits.push({ visit: visited, origin: new URL(url).origin });
    return visited;
  };
}

export async function inspected(
  coordinator: Coordinator,
  options: InspectorOptions = {},
): Promise<Inspector> {
  const inspector = await createInspector(coordinator, { port: 0, ...options });
  onTestFinished(() => inspector.close());
  return inspector;
}

export function inMemory(): MemoryCoordinator {
  const coordinator = new MemoryCoordinator({ threads: "isolated" });
  onTestFinished(() => coordinator.close());
  return coordinator;
}
