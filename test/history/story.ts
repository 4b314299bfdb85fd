/** A story in which much happens, for tests that need one: two semaphores, three sessions, every kind of end. */

import {
  acquire,
  cancel,
  heartbeat,
  leave,
  reassert,
  release,
  resize,
  revoke,
} from "../support/commands.js";
import { Partition } from "../support/partition.js";

export function story(): Partition {
  const partition = new Partition();
  const heartbeatMaxIntervalMs = 3_000;
  partition
    .at(1_000)
    .given(
      acquire("a", { ttlMs: 5_000, metadata: { "1": "ünï\u2028code", job: 'the "7th"\n' } }),
      acquire("b", { by: "0-t", heartbeatMaxIntervalMs }),
      acquire("c", { by: "0-t", maxAcquireTimeMs: 2_000 }),
      acquire("d", { on: "blob", value: 3, by: "0-u" }),
    );
  partition.at(2_000).given(heartbeat({ by: "0-t" }), acquire("e", { noWait: true }));
  partition.at(3_500).given(heartbeat({ by: "0-t" }), resize("blob", 1));
  partition.at(6_000).tick();
  partition.at(7_000).given(release("x"), revoke("d"), release("d", { by: "0-u" }));
  partition.at(11_000).tick();
  partition.at(12_000).lead({ type: "restart", pauseMs: 2_000 });
  partition.given(reassert("f", { on: "blob", slot: 2, token: 11_000_000, value: 3, by: "0-u" }));
  partition.at(15_000).given(acquire("g", { by: "0-u" }), cancel("g", { by: "0-u" }));
  partition.at(3_700_000).lead({ type: "rebase", byMs: 3_600_000 });
  partition.at(3_800_000).given(leave({ by: "0-u" }));
  partition.after(100_000).tick();
  return partition;
}
