/** `slotstream watch` on a terminal, as who watches a fleet meets it. */

import stringWidth from "string-width";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { startRedis } from "../support/redis-server.js";
import { Fleet, withRedis } from "./fleet.js";
import { WatchWindow, type WindowOptions } from "./watch-window.js";

withRedis();

let fleet: Fleet;
let coordinator: RedisCoordinator;

beforeEach(() => {
  fleet = new Fleet();
  coordinator = connect(fleet.url, fleet.namespace);
});

function connect(url: string, namespace: string): RedisCoordinator {
  const made = new RedisCoordinator({ url, namespace });
  onTestFinished(() => made.close());
  return made;
}

function semaphore(name: string, value: number, from = coordinator) {
  return from.semaphore({ name, value, metadata: { host: "web-1" } });
}

function watch(options: WindowOptions = {}, ...args: string[]): WatchWindow {
  const where = ["--redis", fleet.url, "--namespace", fleet.namespace];
  return new WatchWindow([...where, "--interval", "100ms", ...args], options);
}

test("shows semaphores by pressure, slots, queue and events, as they change", async () => {
  const deploy = semaphore("deploy", 1);
  const api = semaphore("api", 10);
  const [slot] = await Promise.all([deploy.acquire(), api.acquire()]);
  const window = watch();
  const calm = await window.shows(/last events/);
  const lines = calm.split("\n");
  expect(lines[0]).toBe(`${fleet.url}  namespace ${fleet.namespace}`);
  expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z .*leader \S+, epoch \d+/);
  expect(lines.slice(2, 9)).toEqual([
    "2 in use",
    expect.stringMatching(/^▸ deploy +█{24} {2}1\/1$/),
    expect.stringMatching(/^ {2}api +█{3}░{21} 1\/10$/),
    "deploy: who holds which slot, for how long",
    expect.stringMatching(new RegExp(`^ {2}0 {2}(now|\\d+ s) {2}${slot.id} {2}host=web-1$`)),
    "nobody waits",
    "last events, the newest first",
  ]);
  expect(calm).toMatch(new RegExp(`granted ${slot.id} on deploy slot=0`));
  expect(lines.at(-1)).toBe("q quit  j/k choose  p pause  ? help");

  const next = deploy.acquire();
  await window.shows(
    /deploy +█+ {2}1\/1 \+1\n(.*\n)+1 waits, .*\n {2}1\. {2}\S+( s)? +\S+ {2}host=/,
  );
  await slot.release();
  const { id } = await next;
  await window.shows(new RegExp(` 0 {2}(now|\\d+ s) {2}${id} (.*\\n)+nobody waits`));
  await window.shows(new RegExp(`newest first\\n .*granted ${id} .*\\n .*released ${slot.id} `));
});

describe("leaves the terminal as it was", () => {
  const isRestored = ({ text, alternate, cursor, wraps }: WatchWindow["terminal"]) =>
    alternate === undefined && cursor && wraps && /^icanon$/m.test(text) && /^echo;?$/m.test(text);

  test.each([
    ["q", (window: WatchWindow) => window.type("q"), 0],
    ["Ctrl-C", (window: WatchWindow) => window.type("\u0003"), 0],
    ["SIGTERM", (window: WatchWindow) => window.kill("SIGTERM"), 0],
    ["SIGINT", (window: WatchWindow) => window.kill("SIGINT"), 0],
    ["SIGHUP", (window: WatchWindow) => window.kill("SIGHUP"), 129],
  ])("after %s", async (_what, end, status) => {
    const window = watch();
    await window.shows(/nothing has happened here yet/);
    expect(window.terminal).toMatchObject({ cursor: false, wraps: false });
    end(window);
    const terminal = await window.ended();
    expect(terminal.text).toMatch(new RegExp(`^status ${status}$`, "m"));
    expect(isRestored(terminal)).toBe(true);
  });

  test("when it cannot even begin", async () => {
    const window = new WatchWindow(["--redis", "redis://127.0.0.1:1"]);
    const terminal = await window.ended();
    expect(terminal.text).toMatch(/^slotstream: .*ECONNREFUSED.*\n(.*\n)*status 69$/m);
    expect(isRestored(terminal)).toBe(true);
    expect(window.written).not.toContain("\u001b");
  });

  test("while it is in the background, too", async () => {
    const window = watch({ inBackground: true });
    await window.shows(/nothing has happened here yet/);
    window.type("\u001a");
    await window.shows(/^stopped 148$/m);
    expect(window.terminal).toMatchObject({ cursor: true, wraps: true });
    window.type("\n");
    await window.shows(/nothing has happened here yet/);
    window.type("q");
    expect(isRestored(await window.ended())).toBe(true);
  });
});

test("Ctrl-Z does nothing where nobody could bring it back", async () => {
  const window = watch();
  await window.shows(/nothing has happened here yet/);
  window.type("\u001a");
  await window.drawnAnew();
  await window.shows(/nothing has happened here yet/);
  window.type("q");
  expect((await window.ended()).text).toMatch(/^status 0$/m);
});

test("keys choose a semaphore, pause, and help", async () => {
  await Promise.all([semaphore("first", 1).acquire(), semaphore("second", 2).acquire()]);
  const window = watch();
  await window.shows(/^▸ first (.*\n)+first: who holds/m);
  window.type("j");
  await window.shows(/^▸ second (.*\n)+second: who holds/m);
  window.type("\u001b[A");
  await window.shows(/^▸ first (.*\n)+first: who holds/m);
  window.type("?");
  expect(await window.shows(/q, Ctrl-C {3}quit/)).not.toContain("last events");
  window.type("?");
  await window.shows(/last events/);

  window.type("p");
  await window.shows(/^PAUSED /m);
  const { id } = await semaphore("third", 3).acquire();
  window.type("j");
  const paused = await window.shows(/^▸ second /m);
  expect(paused).not.toContain("third");
  window.type("p");
  expect(await window.shows(new RegExp(`granted ${id} on third`))).not.toContain("PAUSED");
  await window.shows(/^3 in use$/m);
});

test("fits into a small window, and follows its size", async () => {
  await Promise.all([semaphore("日本語-deploy", 1).acquire(), semaphore("api", 2).acquire()]);
  const window = watch({ columns: 40, rows: 12 });
  const small = await window.shows(/q quit/);
  expect(small.split("\n")).toHaveLength(12);
  await window.shows(/^▸ 日本語-deploy {8}█{10} 1\/1$/m);
  await window.resize(100, 30);
  const large = await window.shows(/^▸ 日本語-deploy {54}█{24} 1\/1$/m);
  expect(large.split("\n")).toHaveLength(30);
  await window.resize(20, 4);
  const tiny = (await window.shows(/^▸ 日本語-de… 1\/1$/m)).split("\n");
  expect(tiny).toHaveLength(4);
  expect(Math.max(...tiny.map((line) => stringWidth(line)))).toBeLessThanOrEqual(20);
});

describe("while Redis is gone", () => {
  test("it says so, and goes on with what is there afterwards", async () => {
    const server = await startRedis();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const before = connect(server.url, "gone");
    await semaphore("before", 1, before).acquire();
    const where = ["--redis", server.url, "--namespace", "gone", "--interval", "100ms"];
    const window = new WatchWindow(where);
    await window.shows(/granted \S+ on before/);
    await server.stop();
    const outage = await window.shows(/^for .*: .*Redis/m);
    expect(outage).toMatch(/granted \S+ on before/);
    await before.close();
    await server.start();
    await window.shows(/nothing has happened here yet/);
    await semaphore("after", 1, connect(server.url, "gone")).acquire();
    const after = await window.shows(/granted \S+ on after/);
    expect(after).not.toContain("before");
    window.type("q");
    expect((await window.ended()).text).toMatch(/^status 0$/m);
  });

  test("though nobody says so, and one can quit", async () => {
    const server = await startRedis();
    onTestFinished(() => server[Symbol.asyncDispose]());
    const window = new WatchWindow(["--redis", server.url, "--interval", "100ms"]);
    await window.shows(/nobody leads/);
    server.pause();
    await window.shows(/^for \d.* s: Redis does not answer\.$/m);
    server.resume();
    await window.shows(/nobody leads/);
    server.pause();
    await window.shows(/Redis does not answer/);
    window.type("q");
    expect((await window.ended()).text).toMatch(/^status 0$/m);
  });
});

describe("colours", () => {
  test.each([
    ["where nobody minds", [], true],
    ["not with NO_COLOR", ["NO_COLOR=1"], false],
    ["with FORCE_COLOR in spite of it", ["NO_COLOR=1", "FORCE_COLOR=1"], true],
  ])("%s", async (_when, environment, coloured) => {
    const window = watch({ environment });
    await window.shows(/nothing has happened here yet/);
    expect(window.terminal.coloured).toBe(coloured);
  });
});

test("with --semaphore there is nothing but that one", async () => {
  const [, { id }] = await Promise.all([
    semaphore("other", 1).acquire(),
    semaphore("deploy", 2).acquire(),
  ]);
  const window = watch({}, "--semaphore", "deploy");
  const shown = await window.shows(new RegExp(`1 in use(.*\\n)+.*granted ${id} on deploy`));
  expect(shown).toMatch(/^▸ deploy /m);
  expect(shown).not.toContain("other");
});
