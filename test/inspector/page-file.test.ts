/** An export that is read in the page: what it may claim, and that one alone is read at a time. */

import { expect, test } from "vitest";
import type { Feed } from "../../src/inspector/page/app/feed.js";
import { readExport } from "../../src/inspector/page/app/file-source.js";
import type { SourceHeader } from "../../src/inspector/page/model/source-header.js";

test("a file can claim neither actions nor to be the continuation of what is shown", async () => {
  const begun: SourceHeader[] = [];
  const links: string[] = [];
  const header = { slotstream: "history", version: 1, source: "redis", name: "production" };
  const claims = { live: true, actions: true, resumed: true };
  const feed: Feed = {
    begin: (header) => begun.push(header),
    connection: ({ state }) => links.push(state),
    receive: () => undefined,
    now: () => undefined,
    room: async () => undefined,
  };
  const blob = new Blob([JSON.stringify({ ...header, ...claims })]);
  await readExport(blob, "night.jsonl", feed, new AbortController().signal);
  const kind = { source: "file", name: "night.jsonl", live: false, actions: false, resumed: false };
  expect(begun).toEqual([expect.objectContaining(kind)]);
  expect(links).toEqual(["connecting", "ended"]);
});

test("a file that another one has taken the place of says nothing more", async () => {
  const told: string[] = [];
  const replaced = new AbortController();
  const header = JSON.stringify({ slotstream: "history", version: 1 });
  const feed: Feed = {
    begin: ({ name }) => told.push(`begin ${name}`),
    connection: ({ state }) => told.push(state),
    receive: (lines) => told.push(...lines),
    now: () => undefined,
    // While it waits for room, the other one is opened.
    room: async () => replaced.abort(),
  };
  // More than comes at once.
  const blob = new Blob([`${header}\n`, "x".repeat(1_000_000)]);
  await readExport(blob, "first.jsonl", feed, replaced.signal);
  expect(told).toEqual(["connecting", "begin first.jsonl"]);
});
