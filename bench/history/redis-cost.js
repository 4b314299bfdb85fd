// @ts-check
// What keeping the history costs on Redis. A commit is one script, of which nothing can be left out. So the entries that it
// wrote are written once more, by a script that does nothing else, and Redis tells how long each took.

import { RedisCoordinator } from "slotstream";
import { median } from "../measure.js";
import { NAMESPACE, startLeader } from "../redis/leader.js";
import { startRedis } from "../redis/server.js";
import { figure, printTable } from "../table.js";
import { EVENTS_A_PAIR, fill } from "./fill.js";

const HISTORY = `${NAMESPACE}:history`;
const COPY = `${NAMESPACE}:copy`;
const PAGE = 100;
/** KEYS: where to. ARGV: for each entry how many fields and values it has, then these. */
const WRITE = `
  local i = 1
  while i <= #ARGV do
    local count = tonumber(ARGV[i])
    redis.call('XADD', KEYS[1], '*', unpack(ARGV, i + 1, i + count))
    i = i + count + 1
  end
`;

/** @param {import("../history.js").Size} size */
export async function redisCost({ events, rounds }) {
  /** @type {Record<string, number>[]} */
  const found = [];
  for (let round = 0; round < rounds; round++) found.push(await measure(events / 10));
  const of = (/** @type {string} */ name) => median(found.map((one) => one[name] ?? Number.NaN));
  const [commit, history] = [of("commit"), of("history")];
  printTable(
    "100 loops on Redis: what Redis does for one acquire and release",
    ["", "processor time"],
    [
      ["the commits", `${figure(commit / 1e3, 1)} µs`],
      ["of it the entries of the history", `${figure(history / 1e3, 1)} µs`],
    ],
  );
  console.log(
    `  the history is ${figure((100 * history) / commit)} % of a commit; one commit is for ${figure(of("pairs"), 1)} acquires and releases; ` +
      "measured by commandstats, without reading and writing of sockets",
  );
}

/** @param {number} events */
async function measure(events) {
  const server = await startRedis();
  const leader = await startLeader(server.url);
  const { control, url } = server;
  const coordinator = new RedisCoordinator({ url, reconciler: "external" });
  await fill(coordinator, events / 10);
  const [last] = await control.xrevrange(HISTORY, "+", "-", "COUNT", 1);
  await control.config("RESETSTAT");
  await fill(coordinator, events);
  const used = await usecByCommand(control);
  const entries = await control.xrange(HISTORY, `(${last?.[0]}`, "+");
  await coordinator.close();
  await leader.end();
  await control.config("RESETSTAT");
  for (let i = 0; i < entries.length; i += PAGE) {
    const page = entries.slice(i, i + PAGE).flatMap(([, fields]) => [fields.length, ...fields]);
    await control.eval(WRITE, 1, COPY, ...page);
  }
  const written = await usecByCommand(control);
  await server.stop();
  const pairs = events / EVENTS_A_PAIR;
  const nsAPair = (/** @type {number} */ usec) => (1_000 * usec) / pairs;
  return {
    commit: nsAPair(used.get("evalsha") ?? 0),
    history: nsAPair(written.get("xadd") ?? 0),
    pairs: pairs / entries.length,
  };
}

/** @param {import("ioredis").Redis} control @returns {Promise<Map<string, number>>} microseconds */
async function usecByCommand(control) {
  const text = await control.info("commandstats");
  const rows = text.matchAll(/^cmdstat_([^:]+):calls=\d+,usec=(\d+)/gm);
  return new Map([...rows].map(([, name = "", usec]) => [name, Number(usec)]));
}
