/** `slotstream inspect` and `slotstream machine`, as a user meets them. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMachine } from "xstate";
import { machineToMermaid } from "../../src/index.js";
import { createInspector } from "../../src/inspector/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { ask, exported, Listener } from "../inspector/server-support.js";
import { Fleet, NOWHERE, withRedis } from "./fleet.js";
import { DEMO, type Running, slotstream, start, startNode, temporaryFolder } from "./support.js";

withRedis();

/** Where it says that it is, once it says so. */
async function opened(
  inspect: Running,
): Promise<{ port: number; url: string; token: string | undefined }> {
  const [url = "", port, token] = await inspect.said(
    /http:\/\/127\.0\.0\.1:(\d+)\/(?:#token=(\S+))?/,
  );
  return { port: Number(port), url, token };
}

async function exportFile(
  name: string,
  pack = (text: string): string | Buffer => text,
): Promise<string> {
  const coordinator = new TestCoordinator();
  await coordinator.semaphore({ name: "api", value: 1 }).use(async () => {});
  const file = join(temporaryFolder(), name);
  writeFileSync(file, pack(`${(await exported(coordinator)).join("\n")}\n`));
  return file;
}

describe("of a fleet", () => {
  test("serves the page and the history, and ends at once when told to", async () => {
    const fleet = new Fleet();
    await fleet.holder();
    const inspect = fleet.start(["inspect", "--port", "0"]);
    const { port } = await opened(inspect);
    const page = await ask({ port }, "/");
    expect(page).toMatchObject({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
    });
    const [, script = ""] = /src="(\/assets\/[^"]+\.js)"/.exec(page.text) ?? [];
    const { status, headers } = await ask({ port }, script);
    expect(status).toBe(200);
    expect(headers["cache-control"]).toContain("immutable");

    const listener = await Listener.open({ port });
    await listener.until(({ text }) => text.includes('"granted"'));
    expect(listener.headers).toMatchObject([
      { source: "redis", name: fleet.namespace, actions: false },
    ]);
    inspect.child.kill("SIGTERM");
    expect(await inspect.ended()).toMatchObject({
      status: 0,
      stdout: `http://127.0.0.1:${port}/\n`,
      stderr: expect.stringContaining("It only looks. Ctrl-C ends it."),
    });
  });

  test("with actions, takes a slot back for who has the token", async () => {
    const fleet = new Fleet();
    const holder = await fleet.holder();
    const inspect = fleet.start(["inspect", "--port", "0", "--allow-actions"]);
    const { port, token } = await opened(inspect);
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const { json } = await fleet.ask("holders", "deploy");
    const [{ id }] = Array.isArray(json) ? json : [{}];
    const body = JSON.stringify({ id, by: "Ada L." });
    const answer = await ask({ port }, "/api/revoke", { method: "POST", headers, body });
    expect(JSON.parse(answer.text)).toEqual({ done: true });
    expect((await holder.ended()).status).not.toBe(0);
    inspect.child.kill("SIGINT");
    const { status, stderr } = await inspect.ended();
    expect(status).toBe(0);
    expect(stderr).toContain(`"id":"${id}"`);
    expect(stderr).toContain('"by":"Ada L."');
  });

  test("goes on while Redis is asked in vain, but does not begin so", async () => {
    const { status, stdout, stderr } = await slotstream([
      "inspect",
      "--port",
      "0",
      "--redis",
      NOWHERE,
    ]);
    expect({ status, stdout }).toEqual({ status: 69, stdout: "" });
    expect(stderr).toMatch(/^slotstream: Redis is not available: .*\n$/);
  });

  test("decides nothing by itself", async () => {
    const fleet = new Fleet();
    const inspect = fleet.start(["inspect", "--port", "0"]);
    await Listener.open(await opened(inspect));
    expect(await fleet.cli("KEYS", `*${fleet.namespace}:*`)).toBe("");
  });
});

describe("of an export", () => {
  test.each([
    ["night.jsonl", (text: string) => text],
    ["night.jsonl.gz", (text: string) => gzipSync(text)],
  ])("%s, again and again, with no Redis", async (name, pack) => {
    const inspect = start(["inspect", await exportFile(name, pack), "--port", "0"]);
    const { port } = await opened(inspect);
    for (let time = 0; time < 2; time++) {
      const listener = await Listener.open({ port });
      await listener.until(() => listener.of("end").length === 1);
      expect(listener.seqs).toEqual([1, 2, 3]);
      expect(listener.headers).toMatchObject([{ source: "file", live: false }]);
      expect(listener.headers[0].name).toContain(name);
    }
  });

  test("from standard input, also more than once", async () => {
    const coordinator = new TestCoordinator();
    await coordinator.semaphore({ name: "api", value: 1 }).use(async () => {});
    const input = `${(await exported(coordinator)).join("\n")}\n`;
    const { port } = await opened(start(["inspect", "-", "--port", "0"], { input }));
    for (let time = 0; time < 2; time++) {
      const listener = await Listener.open({ port });
      await listener.until(() => listener.of("end").length === 1);
      expect(listener.seqs).toEqual([1, 2, 3]);
    }
  });

  test.each([
    ["that is none", "hello\n", 65, "this is not the beginning of a history"],
    ["that is empty", "", 65, "there is nothing in it"],
  ])("%s: one clear line", async (_what, text, status, message) => {
    const file = join(temporaryFolder(), "night.jsonl");
    writeFileSync(file, text);
    const ended = await slotstream(["inspect", file, "--port", "0"]);
    expect(ended).toMatchObject({ status, stdout: "" });
    expect(ended.stderr).toMatch(/^slotstream: .*night\.jsonl: .*\n$/);
    expect(ended.stderr).toContain(message);
  });

  test("that is not there", async () => {
    const { status, stderr } = await slotstream(["inspect", "nowhere.jsonl"]);
    expect(status).toBe(66);
    expect(stderr).toMatch(/^slotstream: cannot read nowhere\.jsonl: there is no such file\..*\n$/);
  });
});

describe("wrong usage is told in one line", () => {
  test.each([
    [["inspect"], "which history?"],
    [
      ["inspect", "--port", "70000", "--redis", NOWHERE],
      "It must be a whole number, from 0 to 65535.",
    ],
    [["inspect", "x.jsonl", "--allow-actions"], "nothing can be done to an export"],
    [["inspect", "x.jsonl", "--redis", NOWHERE], "either x.jsonl is asked, or Redis"],
    [["machine", "--format", "svg"], "Allowed choices are mermaid, json"],
  ])("%j", async (args, message) => {
    const { status, stdout, stderr } = await slotstream(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(/^slotstream: .*\n$/);
    expect(stderr).toContain(message);
  });

  test("a port in use, and a token that is too short, which is not repeated", async () => {
    const file = await exportFile("night.jsonl");
    const other = await createInspector(new TestCoordinator(), { port: 0 });
    onTestFinished(() => other.close());
    expect(await slotstream(["inspect", file, "--port", String(other.port)])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining(`port ${other.port} of 127.0.0.1 is in use`),
    });
    const short = await slotstream(["inspect", file], {
      env: { SLOTSTREAM_INSPECT_TOKEN: "hunter2" },
    });
    expect(short).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("16 to 256 characters"),
    });
    expect(short.stderr).not.toContain("hunter2");
  });
});

test("a process ends by itself once its inspector is closed, though a page still looks on", async () => {
  const script = `
    import { MemoryCoordinator } from "slotstream";
    import { createInspector } from "slotstream/inspector";
    const inspector = await createInspector(new MemoryCoordinator(), { port: 0 });
    console.log(inspector.url);
    process.stdin.once("data", () => inspector.close().then(() => process.stdin.destroy()));
  `;
  const running = startNode(["--input-type=module", "-e", script], { cwd: join(DEMO, "../..") });
  const { port } = await opened(running);
  const listener = await Listener.open({ port });
  await listener.until(({ headers }) => headers.length === 1);
  running.child.stdin?.write("close\n");
  expect(await running.ended()).toMatchObject({ status: 0, stderr: "" });
  await listener.until(({ hasEnded }) => hasEnded);
});

test("the demo can be watched", async () => {
  const demo = startNode([DEMO, "--inspect", "--port", "0"]);
  const { port } = await opened(demo);
  const listener = await Listener.open({ port });
  await listener.until(({ text }) => text.includes('"released"'));
  expect((await listener.state()).stats().get("hash-files")).toMatchObject({ maxSlots: 4 });
  demo.child.kill("SIGINT");
  expect(await demo.ended()).toMatchObject({ status: 0, stderr: "" });
});

describe("the machine", () => {
  test("as a diagram", async () => {
    expect(await slotstream(["machine"])).toEqual({
      status: 0,
      stdout: machineToMermaid(),
      stderr: "",
    });
  });

  test("as JSON that XState takes", async () => {
    const { stdout } = await slotstream(["machine", "--format", "json"]);
    expect(createMachine(JSON.parse(stdout)).events.sort()).toEqual(
      [
        "CANCEL",
        "RELEASE",
        "abandoned",
        "expired",
        "granted",
        "heartbeat",
        "reasserted",
        "released",
      ].sort(),
    );
  });
});
