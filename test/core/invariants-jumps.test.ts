/** The witness objects to what a jump of the clock ends or forgets, and to grants while they pause. */

import { heartbeat } from "../support/commands.js";
import {
  altered,
  findsOut,
  full,
  hidden,
  invented,
  jumped,
  type LieRow,
  ofA,
  ofB,
  paused,
} from "../support/lies.js";

const HOUR = 3_600_000;
const REBASE = { type: "rebase", byMs: HOUR } as const;
const RESTART = { type: "restart", pauseMs: 15_000 } as const;

const lies: LieRow[] = [
  [
    "a grant in a pause",
    1,
    "grants pause until 15000",
    { given: paused, told: invented({ ...ofB, type: "granted", slot: 0, token: 9, at: 14_999 }) },
  ],
  [
    "a pause that a second restart shortens",
    1,
    "grants paused until 15000",
    { given: paused, when: RESTART, told: altered("restarted", { pausedUntil: 14_999 }) },
  ],
  [
    "a pause that is over before it begins",
    1,
    "grants paused until 500",
    {
      given: (partition) => partition.at(500),
      when: RESTART,
      told: altered("restarted", { pausedUntil: 499 }),
    },
  ],
  [
    "a TTL that a jump ends",
    8,
    `its TTL ends at ${HOUR + 9_000}`,
    { given: jumped, told: invented({ ...ofA, type: "expired", reason: "ttl" }) },
  ],
  [
    "a wait that a jump ends",
    8,
    `it may wait until ${HOUR + 9_000}`,
    { given: jumped, told: invented({ ...ofB, ...full, type: "abandoned", reason: "timeout" }) },
  ],
  [
    "a silence that is nothing but a jump",
    8,
    `its session has until ${HOUR + 5_000}`,
    { given: jumped, told: invented({ ...ofA, type: "expired", reason: "heartbeat" }) },
  ],
  [
    "a session that is forgotten too early",
    8,
    "0-s is remembered until 60000",
    {
      given: (partition) => partition.given(heartbeat()),
      told: invented({ type: "swept", semaphores: [], sessions: ["0-s"], at: 59_999 }),
    },
  ],
  [
    "a session that is forgotten though nobody knew it",
    8,
    "0-s is remembered until Infinity",
    { told: invented({ type: "swept", semaphores: [], sessions: ["0-s"] }) },
  ],
  [
    "a jump back",
    8,
    "rebased -1ms of 1s",
    {
      given: (partition) => partition.at(1_000),
      when: REBASE,
      told: altered("rebased", { byMs: -1 }),
    },
  ],
  [
    "a jump beyond log time",
    8,
    "rebased 1.001s of 1s",
    {
      given: (partition) => partition.at(1_000),
      when: REBASE,
      told: altered("rebased", { byMs: 1_001 }),
    },
  ],
  [
    "a jump that comes after what it should shift",
    8,
    "#1 rebased: what came before was judged without",
    {
      given: (partition) => partition.at(HOUR + 1),
      when: REBASE,
      told: (events) => [...events].reverse(),
    },
  ],
  ["a jump that is kept secret", 5, "0 answers", { when: REBASE, told: hidden("rebased") }],
  ["a restart that is kept secret", 5, "0 answers", { when: RESTART, told: hidden("restarted") }],
  [
    "a jump out of nowhere",
    5,
    "1 answers to tick",
    { told: invented({ type: "rebased", byMs: 0 }) },
  ],
];

findsOut(lies);
