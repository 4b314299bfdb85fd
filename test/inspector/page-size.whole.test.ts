/** What the page weighs, as it is sent: all of it, gzipped. And that it needs nothing from anywhere else. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const FOLDER = fileURLToPath(new URL("../../dist/inspector/page", import.meta.url));
const MOST_BYTES = 60 * 1024;

const files = () =>
  readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

test("the built page has less than 60 KB, gzipped", () => {
  const bytes = files().map((file) => gzipSync(file).length);
  const sum = bytes.reduce((all, one) => all + one, 0);
  console.log(`the inspector's page: ${(sum / 1024).toFixed(1)} KB in ${bytes.length} files`);
  expect(bytes.length).toBeGreaterThanOrEqual(3);
  expect(sum).toBeGreaterThan(20 * 1024);
  expect(sum).toBeLessThan(MOST_BYTES);
});

test("it has no script or style in its text, and asks nobody else for anything", () => {
  const html = readFileSync(join(FOLDER, "index.html"), "utf8");
  expect(html).not.toMatch(/<style|style=|\son\w+=/i);
  expect([...html.matchAll(/<script([^>]*)>([^<]*)/g)].every(([, , text]) => text === "")).toBe(
    true,
  );
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
  expect(addresses.length).toBeGreaterThanOrEqual(3);
  expect(addresses.every((address) => address?.startsWith("/assets/"))).toBe(true);
});
