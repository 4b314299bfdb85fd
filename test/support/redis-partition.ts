/** Partitions on a real Redis. */

import { afterEach } from "vitest";
import { systemClock } from "../../src/memory/system-clock.js";
import { RedisPartition, type RedisPartitionOptions } from "../../src/redis/partition.js";
import { Ear } from "./port-words.js";
import type { RedisServer } from "./redis-server.js";

export * from "./port-words.js";

export type Server = Pick<RedisServer, "url">;
export type Options = Partial<RedisPartitionOptions>;

const open = new Set<RedisPartition>();

afterEach(() => {
  for (const partition of open) partition.close();
  open.clear();
});

let namespaces = 0;

/** A namespace that no other test of the file uses, and the names of its keys. */
export function newNamespace(): { namespace: string; key: (name: string) => string } {
  const namespace = `test-${++namespaces}`;
  return { namespace, key: (name) => `{${namespace}:0}:${name}` };
}

/** Closed after the test. */
export function partitionOn({ url }: Server, options: Options = {}): RedisPartition {
  const partition = new RedisPartition({
    source: url,
    clock: systemClock,
    pauseMs: 15_000,
    ...options,
  });
  open.add(partition);
  return partition;
}

/** A partition that is connected, and who listens to it. */
export async function connected(
  server: Server,
  options: Options = {},
): Promise<RedisPartition & { ear: Ear }> {
  const partition = partitionOn(server, options);
  const ear = new Ear();
  partition.uplink.open(ear);
  await ear.ups.take();
  return Object.assign(partition, { ear });
}
