// @ts-check
// Counts the commands that clients send, by MONITOR: all lines but those marked `lua`, which scripts
// caused. The connection that the benchmark itself asks with is left out.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

/** E.g. `+1700000000.123456 [0 127.0.0.1:40000] "xadd" "key" …`; in scripts: `[0 lua]`. */
const LINE = /^\+[\d.]+ \[\d+ (\S+)\] "([^"]*)"/;

/**
 * @param {import("ioredis").Redis} control
 * @returns {Promise<{ stop(): Promise<Map<string, number>> }>} how often which command was sent
 */
export async function countCommands(control) {
  const { port, host } = control.options;
  const [, ownAddress] = /addr=(\S+)/.exec(String(await control.client("INFO"))) ?? [];
  const socket = connect(port ?? 0, host);
  const lines = createInterface({ input: socket });
  /** @type {Map<string, number>} */
  const counts = new Map();
  const end = randomUUID();
  const seen = new Promise((resolve, reject) => {
    socket.once("error", reject);
    lines.on("line", (line) => {
      if (line.includes(end)) resolve(undefined);
      const [, source, command = ""] = LINE.exec(line) ?? [];
      if (source === undefined || source === "lua" || source === ownAddress) return;
      const name = command.toLowerCase();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    });
  });
  seen.catch(() => {});
  socket.write("MONITOR\r\n");
  await once(lines, "line");
  const stop = async () => {
    await control.echo(end);
    await seen;
    socket.destroy();
    return counts;
  };
  return { stop };
}

/** @param {Map<string, number>} counts */
export function total(counts) {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** The most frequent ones, e.g. `evalsha 40, xadd 40`. @param {Map<string, number>} counts */
export function mostFrequent(counts) {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
