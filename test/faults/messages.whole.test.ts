/** No message reaches its session: who waits finds out by asking (trap 7). */

import { expect, test } from "vitest";
import { called, Fleet } from "../support/fleet.js";
import { startRedis } from "../support/redis-server.js";
import { proxyTo } from "../support/tcp-proxy.js";

test("when every message to a session is lost, all jobs are done all the same (trap 7)", async () => {
  await using server = await startRedis();
  const fleet = new Fleet(server);
  await fleet.leader();
  const proxy = await proxyTo(server);
  let lost = 0;
  proxy.loses = ({ from, text }) => {
    const isMessage = from === "server" && /smessage.*:inbox:/s.test(text);
    if (isMessage) lost++;
    return isMessage;
  };

  const deaf = { url: proxy.url };
  const clients = await Promise.all([fleet.client(deaf), fleet.client(deaf)]);
  await Promise.all(clients.map((client) => client.tell("work", called("api"), 4)));
  const [holder, waiter] = clients;
  const slot = await holder?.acquire(called("api"));
  const waits = waiter?.acquire(called("api"));
  await fleet.counts("api", 1, 1);
  expect(slot && (await holder?.release(slot))).toBe(true);
  expect(await waits).toMatchObject({ slotNumber: 0 });
  expect(lost).toBeGreaterThan(20);
});
