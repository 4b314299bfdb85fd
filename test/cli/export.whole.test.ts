/** `slotstream export`: a file that is there whole or not at all, however long the history is. */

import { once } from "node:events";
import { readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { importHistory, readHistory, verify } from "../../src/index.js";
import { Fleet, withRedis } from "./fleet.js";
import { INCIDENT } from "./incident.js";
import { longHistory } from "./long-history.js";
import { slotstream, start, temporaryFolder } from "./support.js";

withRedis();

const linesOf = (text: string) => text.trimEnd().split("\n");

/** A fleet with the history of that file. */
async function withHistory(lines: Iterable<string> | AsyncIterable<string>): Promise<Fleet> {
  const fleet = new Fleet();
  await importHistory({ url: fleet.url, namespace: fleet.namespace }, lines);
  return fleet;
}

const INCIDENT_LINES = linesOf(readFileSync(INCIDENT, "utf8"));

describe("a file", () => {
  test("has the entries byte for byte", async () => {
    const fleet = await withHistory(INCIDENT_LINES);
    const file = join(temporaryFolder(), "out.jsonl");
    expect(await fleet.run(["export", file])).toEqual({
      status: 0,
      stdout: `103 entries written to ${file}\n`,
      stderr: "",
    });
    const [header = "", ...entries] = linesOf(readFileSync(file, "utf8"));
    expect(entries).toEqual(INCIDENT_LINES.slice(1));
    expect(JSON.parse(header)).toMatchObject({ namespace: fleet.namespace, head: { seq: 309 } });
    expect(await slotstream(["verify", file])).toMatchObject({ status: 0 });
  });

  test("may be packed by gzip, and is told to programs", async () => {
    const fleet = await withHistory(INCIDENT_LINES);
    const file = join(temporaryFolder(), "out.jsonl.gz");
    expect(await fleet.ask("export", file)).toMatchObject({
      status: 0,
      json: { file, entries: 103, head: { seq: 309 } },
    });
    const lines = linesOf(gunzipSync(readFileSync(file)).toString());
    expect(lines.slice(1)).toEqual(INCIDENT_LINES.slice(1));
    expect(await slotstream(["verify", file])).toMatchObject({ status: 0 });
  });

  test("takes no other one's place, unless by --force", async () => {
    const fleet = await withHistory(INCIDENT_LINES);
    const file = join(temporaryFolder(), "out.jsonl");
    writeFileSync(file, "precious");
    expect(await fleet.run(["export", file])).toEqual({
      status: 73,
      stdout: "",
      stderr: `slotstream: ${file} is there already, and stays as it is. Choose another name, or replace it with --force.\n`,
    });
    expect(readFileSync(file, "utf8")).toBe("precious");
    expect(await fleet.run(["export", file, "--force"])).toMatchObject({ status: 0 });
    expect(linesOf(readFileSync(file, "utf8"))).toHaveLength(104);
  });

  test("of a history that has not begun has a header only", async () => {
    const file = join(temporaryFolder(), "out.jsonl");
    expect(await new Fleet().run(["export", file])).toMatchObject({ status: 0 });
    expect(await slotstream(["verify", file])).toEqual({
      status: 0,
      stdout: "whole: nothing has happened yet.\n",
      stderr: "",
    });
  });

  test("in no folder: status 73", async () => {
    const file = join(temporaryFolder(), "no/out.jsonl");
    expect(await new Fleet().run(["export", file])).toEqual({
      status: 73,
      stdout: "",
      stderr: `slotstream: cannot write ${file}: there is no such folder.\n`,
    });
  });
});

describe("nothing is left", () => {
  test("where an entry in Redis is none", async () => {
    const fleet = await withHistory(INCIDENT_LINES);
    await fleet.cli("XADD", `{${fleet.namespace}:0}:history`, "*", "somebody", "else");
    const folder = temporaryFolder();
    const { status, stdout, stderr } = await fleet.run(["export", join(folder, "out.jsonl")]);
    expect({ status, stdout }).toEqual({ status: 65, stdout: "" });
    expect(stderr).toMatch(/^slotstream: .* is none that slotstream wrote\. .*\n$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("where Redis cannot be reached", async () => {
    const folder = temporaryFolder();
    const args = ["export", join(folder, "out.jsonl"), "--redis", "redis://127.0.0.1:1"];
    expect(await slotstream(args)).toMatchObject({ status: 69, stdout: "" });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("after a signal", async () => {
    const folder = temporaryFolder();
    const url = await silentServer();
    const running = start(["export", join(folder, "out.jsonl.gz"), "--redis", url]);
    await appears(folder);
    running.child.kill("SIGTERM");
    expect(await running.ended()).toEqual({ status: 143, stdout: "", stderr: "" });
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** The URL of a server that accepts everybody and says nothing. */
async function silentServer(): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `redis://127.0.0.1:${address.port}`;
}

/** Resolves once there is a file in the folder. */
async function appears(folder: string): Promise<void> {
  const watcher = watch(folder);
  try {
    if (readdirSync(folder).length === 0) await once(watcher, "change");
  } finally {
    watcher.close();
  }
}

test("standard output has the same lines", async () => {
  const fleet = await withHistory(INCIDENT_LINES);
  const { status, stdout, stderr } = await fleet.run(["export"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { header, entries } = await readHistory(linesOf(stdout));
  expect(await verify(entries, { head: header.head })).toMatchObject({ ok: true, entries: 103 });
});

/** In megabytes: all of the history at once would be more. */
const SMALL_HEAP = { NODE_OPTIONS: "--max-old-space-size=48" };

test("a history of 150,000 events needs no more memory than a short one", {
  timeout: 300_000,
}, async () => {
  const fleet = await withHistory(longHistory(5_000));
  const file = join(temporaryFolder(), "long.jsonl.gz");
  const env = SMALL_HEAP;
  expect(await fleet.run(["export", file], { env })).toMatchObject({ status: 0, stderr: "" });
  expect(await slotstream(["replay", file, "--against"], { env })).toEqual({
    status: 0,
    stdout: "no difference: this version decides all 150008 events as they were.\n",
    stderr: "",
  });
  // It verifies, too.
  expect(await new Fleet().run(["import", file], { env })).toEqual({
    status: 0,
    stdout: "imported: 5000 entries with 150008 events, up to event 150008.\n",
    stderr: "",
  });
});
