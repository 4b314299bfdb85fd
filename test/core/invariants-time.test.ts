/** The witness objects to what ends too early or too late, to a wrong log, and to a state that differs from it. */

import { assertDefined } from "../../src/core/assert.js";
import { acquire, heartbeat } from "../support/commands.js";
import {
  altered,
  contended,
  findsOut,
  full,
  held,
  invented,
  type LieRow,
  ofA,
  ofB,
  timed,
} from "../support/lies.js";

/** Long after everything. */
const LATE = 1e9;

const lies: LieRow[] = [
  [
    "a holder that outlives its TTL",
    7,
    "a outlived its deadline 9000",
    { given: timed, told: invented({ type: "ticked", at: 9_000 }) },
  ],
  [
    "a waiter that outlives its time",
    7,
    "b outlived its deadline 9000",
    {
      given: (partition) =>
        partition.given(acquire("a"), acquire("b", { maxAcquireTimeMs: 9_000 })),
      told: invented({ type: "ticked", at: 9_000 }),
    },
  ],
  [
    "a log time that goes back",
    8,
    "log time went back from 5000",
    {
      given: (partition) => held(partition.at(5_000)),
      when: heartbeat(),
      told: altered("heartbeat", { at: 4_999 }),
    },
  ],
  [
    "a TTL that ends too early",
    8,
    "its TTL ends at 9000",
    { given: timed, told: invented({ ...ofA, type: "expired", at: 8_999, reason: "ttl" }) },
  ],
  [
    "the end of a TTL that was never set",
    8,
    "its TTL ends at Infinity",
    { given: held, told: invented({ ...ofA, type: "expired", at: LATE, reason: "ttl" }) },
  ],
  [
    "a wait that ends too early",
    8,
    "it may wait until 9000",
    {
      given: timed,
      told: invented({ ...ofB, ...full, type: "abandoned", at: 8_999, reason: "timeout" }),
    },
  ],
  [
    "the end of a wait without limit",
    8,
    "it may wait until Infinity",
    {
      given: contended,
      told: invented({ ...ofB, ...full, type: "abandoned", at: LATE, reason: "timeout" }),
    },
  ],
  [
    "a timeout of what never waited",
    8,
    "it may wait until Infinity",
    { told: invented({ ...ofB, ...full, type: "abandoned", at: LATE, reason: "timeout" }) },
  ],
  [
    "a holder that is called silent too early",
    8,
    "its session has until 6000",
    {
      given: (partition) => {
        timed(partition);
        partition.at(1_000).given(heartbeat());
      },
      told: invented({ ...ofA, type: "expired", at: 5_999, reason: "heartbeat" }),
    },
  ],
  [
    "a holder that is called silent under another's name",
    8,
    "its session has until 6000",
    {
      given: (partition) => {
        timed(partition);
        partition.at(1_000).given(heartbeat());
      },
      told: invented({
        ...ofA,
        ...{ type: "expired", at: 5_999, reason: "heartbeat", session: "0-t" },
      }),
    },
  ],
  [
    "a holder that is called silent though nobody could be heard",
    8,
    "its session has until 13000",
    {
      given: (partition) => {
        timed(partition);
        partition.at(8_000).tick();
      },
      told: invented({ ...ofA, type: "expired", at: 12_999, reason: "heartbeat" }),
    },
  ],
  [
    "silence of a session that need not be heard",
    8,
    "its session has until Infinity",
    {
      given: contended,
      told: invented({ ...ofB, ...full, type: "abandoned", at: LATE, reason: "lost" }),
    },
  ],
  [
    "silence of a session that nobody knows",
    8,
    "its session has until Infinity",
    { told: invented({ ...ofB, ...full, type: "abandoned", at: LATE, reason: "lost" }) },
  ],
  [
    "a deadline that passes unnoticed",
    8,
    "overdue",
    {
      given: timed,
      tampered: (state) => {
        assertDefined(state.acquisitions.get("a"), "a").deadline = 0;
      },
    },
  ],
  [
    "a gap in history",
    10,
    "a gap after #2",
    { given: held, when: heartbeat(), told: altered("heartbeat", { seq: 4 }) },
  ],
  [
    "a state that says something else",
    10,
    'is not [["api"',
    {
      given: held,
      tampered: (state) => {
        assertDefined(state.semaphores.get("api"), "api").effective = 7;
      },
    },
  ],
  [
    "a wrong count of waiters",
    10,
    "1 wait, not 2",
    {
      given: contended,
      tampered: (state) => {
        state.waiting = 2;
      },
    },
  ],
  [
    "an acquisition too few",
    10,
    "2 live",
    { given: contended, tampered: (state) => state.acquisitions.delete("b") },
  ],
];

findsOut(lies);
