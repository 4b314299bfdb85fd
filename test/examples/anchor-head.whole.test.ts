/** A history that was noted down is recognised, and another one in its place is not taken for it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../cli/support.js";
import type { RedisServer } from "../support/redis-server.js";
import { coordinatorOn, example, testServer } from "./support.js";

test("what was noted down is there the next day", async () => {
  const server = await testServer();
  const heads = newFile();
  await work(server);
  expect(await anchor(server, heads)).toEqual({
    status: 0,
    stdout: "whole up to event 3, and the same as before\n",
    stderr: "",
  });
  await work(server);
  expect((await anchor(server, heads)).status).toBe(0);
  expect(linesOf(heads)).toEqual([
    expect.stringMatching(/^\S+Z event 3 [0-9a-f]{64}$/),
    expect.stringMatching(/^\S+Z event \d+ [0-9a-f]{64}$/),
  ]);
});

test("another history is sound by itself, but is not the one that was noted down", async () => {
  const [server, other] = [await testServer(), await testServer()];
  const heads = newFile();
  await work(server);
  await anchor(server, heads);
  await work(other);
  await work(other);
  const { status, stderr } = await anchor(other, heads);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^not the history that was noted down: no entry .* has the hash/),
  });
  expect(linesOf(heads)).toHaveLength(1);
  expect((await anchor(other, newFile())).status).toBe(0);
});

const newFile = () => join(temporaryFolder(), "heads.txt");
const anchor = (server: RedisServer, heads: string) => example("anchor-head.js", [heads], server);

/** Three events at least: somebody asks for a slot, gets it, and gives it back. */
async function work(server: RedisServer): Promise<void> {
  await coordinatorOn(server)
    .semaphore({ name: "jobs", value: 1 })
    .use(async () => undefined);
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}
