/** A real Chromium for tests of the inspector's page: one process, with a fresh profile, ended with the tests. */

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** See install-chromium.js. */
const CHROMIUM = process.env.SLOTSTREAM_CHROMIUM ?? "/usr/bin/chromium";
const ARGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** A page, and all that went out of it and was said in it. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** The addresses of all requests. */
  readonly requests: readonly string[];
  /** Errors in the page, and what its console complained of; a refused policy is among it. */
  readonly complaints: readonly string[];
}

export interface VisitOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  readonly deviceScaleFactor?: number;
}

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: ARGS });
}

/** Opens the address in a context of its own, with nothing stored. */
export async function visit(
  browser: Browser,
  url: string,
  { viewport = WIDE, colorScheme = "light", deviceScaleFactor = 1 }: VisitOptions = {},
): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({
    viewport,
    colorScheme,
    deviceScaleFactor,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(url);
  return {
    page,
    requests,
    complaints,
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** However busy the machine is, what has not come by then does not come. */
const PATIENCE_MS = 20_000;

/** Resolves in the first frame in which the condition, an expression of the page, holds. */
export async function until(page: Page, condition: string): Promise<void> {
  // Not waitForFunction(): that would evaluate text in the page, which its policy forbids.
  const held = await page.evaluate<boolean>(`new Promise((resolve) => {
    const end = performance.now() + ${PATIENCE_MS};
    const look = () => {
      if (${condition}) resolve(true);
      else if (performance.now() > end) resolve(false);
      else requestAnimationFrame(look);
    };
    look();
  })`);
  if (!held) throw new Error(`in the page, this did not come true: ${condition}`);
}
