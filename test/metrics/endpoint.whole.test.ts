/** `slotstream reconciler --metrics-port`: a real process on a real Redis, scraped as Prometheus does. */

import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { Fleet, NOWHERE, withRedis } from "../cli/fleet.js";
import { type Running, slotstream, start } from "../cli/support.js";

withRedis();

const LEADING = /leading, epoch/;

/** A reconciler that leads, and where it tells of itself. */
async function reconciler(fleet: Fleet): Promise<{ running: Running; url: string }> {
  const running = fleet.start(["reconciler", "--metrics-port", "0"]);
  const [, url = ""] = await running.said(/metrics are at (http:\S+)\/metrics\n/);
  await running.said(LEADING);
  return { running, url };
}

/** The samples of a page, by name and labels. */
async function scrape(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split("\n").filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

test("tells how the leader decides, and how full the fleet's semaphores are", async () => {
  const fleet = new Fleet();
  const { running, url } = await reconciler(fleet);
  const { url: redis, namespace } = fleet;
  await using coordinator = new RedisCoordinator({ url: redis, namespace, reconciler: "external" });
  const name = 'we"ird\\name';
  const semaphore = coordinator.semaphore({ name, value: 2 });
  await Promise.all([semaphore.acquire(), semaphore.acquire()]);
  const waiting = semaphore.acquire();
  waiting.catch(() => {});
  await fleet.until(name, { held: 2, queued: 1 });
  const samples = await scrape(url);
  const labels = '{semaphore="we\\"ird\\\\name"}';
  expect(samples.get(`slotstream_fleet_held${labels}`)).toBe(2);
  expect(samples.get(`slotstream_fleet_queued${labels}`)).toBe(1);
  expect(samples.get(`slotstream_fleet_slots${labels}`)).toBe(2);
  expect(samples.get("slotstream_fleet_up")).toBe(1);
  const commits = samples.get("slotstream_reconciler_lag_seconds_count");
  expect(commits).toBeGreaterThan(0);
  expect(samples.get("slotstream_reconciler_batch_size_count")).toBe(commits);
  expect(samples.get("slotstream_reconciler_batch_size_sum")).toBeGreaterThanOrEqual(3);
  expect(samples.get("slotstream_reconciler_commit_duration_seconds_sum")).toBeGreaterThan(0);
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ role: "leading" });
  await coordinator.close();
  running.child.kill("SIGTERM");
  expect(await running.ended()).toMatchObject({ status: 0 });
});

test("while Redis is out of reach it says so, and goes on to tell", async () => {
  const running = start(["reconciler", "--redis", NOWHERE, "--metrics-port", "0"]);
  const [, url = ""] = await running.said(/metrics are at (http:\S+)\/metrics\n/);
  await running.said(/It goes on trying/);
  const health = await fetch(`${url}/healthz`);
  expect([health.status, await health.json()]).toEqual([503, { role: "failing" }]);
  const samples = await scrape(url);
  expect(samples.get("slotstream_fleet_up")).toBe(0);
  expect([...samples.keys()].filter((name) => name.startsWith("slotstream_fleet"))).toEqual([
    "slotstream_fleet_up",
  ]);
  running.child.kill("SIGTERM");
  expect(await running.ended()).toMatchObject({ status: 0 });
});

describe("its endpoint", () => {
  test("has two pages, to be read only, and is for this machine", async () => {
    const { url } = await reconciler(new Fleet());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics/more`)).status).toBe(404);
    const posted = await fetch(`${url}/metrics`, { method: "POST", body: "x" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect((await fetch(`${url}/metrics?x=1`, { method: "HEAD" })).status).toBe(200);
  });

  test("does not answer whom a page of another site has sent under its own name", async () => {
    const { url } = await reconciler(new Fleet());
    expect(await statusFor(url, "evil.example")).toBe(421);
    expect(await statusFor(url, "localhost:1")).toBe(200);
  });

  test("does not keep the process from ending while somebody is connected", async () => {
    const { running, url } = await reconciler(new Fleet());
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    running.child.kill("SIGTERM");
    expect(await running.ended()).toMatchObject({ status: 0 });
  });

  test("says which port is taken, and what to do", async () => {
    const fleet = new Fleet();
    const { url } = await reconciler(fleet);
    const { port } = new URL(url);
    const { status, stderr } = await fleet.run(["reconciler", "--metrics-port", port]);
    expect(status).toBe(64);
    expect(stderr).toBe(
      `slotstream: cannot listen on port ${port} of 127.0.0.1: EADDRINUSE. ` +
        "Choose others with --metrics-port and --metrics-host.\n",
    );
  });

  test.each([
    [["--metrics-port", "70000"], /a whole number from 0 to 65535/],
    [["--metrics-host", "0.0.0.0"], /--metrics-host says where\. Say --metrics-port as well/],
  ])("refuses %j", async (flags, message) => {
    const result = await slotstream(["reconciler", "--redis", NOWHERE, ...flags]);
    expect(result).toMatchObject({ status: 64, stdout: "" });
    expect(result.stderr).toMatch(message);
  });
});

/** What a request with this Host is answered; `fetch` would not send another one than the URL's. */
async function statusFor(url: string, host: string): Promise<number | undefined> {
  const asked = request(`${url}/metrics`, { headers: { host } }).end();
  const [response] = await once(asked, "response");
  response.resume();
  return response.statusCode;
}
