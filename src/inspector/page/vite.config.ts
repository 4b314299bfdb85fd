/** Builds the page into `dist/inspector/page`: `npm run build` calls it. */

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "/",
  resolve: { alias: { "node:util": here("shims/node-util.ts") } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: here("../../../dist/inspector/page"),
    emptyOutDir: true,
    target: "es2023",
    // A policy of no inline anything: also no inlined pictures, and no polyfill in the page.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
  },
});
