/** The witness objects to what is asserted again without right, and to who gives way without need. */

import { acquire, reassert } from "../support/commands.js";
import {
  altered,
  assertedByB,
  contended,
  findsOut,
  givenBack,
  held,
  hidden,
  invented,
  type LieRow,
  ofA,
  ofB,
  restarted,
} from "../support/lies.js";
import type { Partition } from "../support/partition.js";

const RESTART = { type: "restart", pauseMs: 15_000 } as const;

const byB = { value: 2, by: "0-t" };
const aByB = { ...assertedByB, acquisition: "a", from: "0-s", token: 1 } as const;

/** After the pause `b` is granted a slot beside the one that was asserted again, under a later token. */
function reasserted(partition: Partition): void {
  partition.lead(RESTART);
  partition.given(reassert("a", { slot: 0, token: 20_000_000, value: 2 }));
  partition.given(acquire("b", byB));
  partition.at(15_000);
}

/** `a` went over to `0-t` at 2 s; it ends at 9 s by its TTL, or after 5 s of silence. */
function goneOver(partition: Partition): void {
  const terms = { ttlMs: 9_000, heartbeatMaxIntervalMs: 5_000 };
  partition.given(acquire("a", terms));
  partition
    .at(2_000)
    .given(reassert("a", { slot: 0, token: 1, ...terms, ttlLeftMs: 7_000, by: "0-t" }));
}

const lies: LieRow[] = [
  [
    "an assertion that is too late",
    4,
    "reasserted b on api slot=0 token=2 value=2 by 0-t#1: it was not held, and the slot may be somebody else's",
    {
      given: givenBack,
      when: reassert("b", { slot: 0, token: 2, ...byB }),
      told: invented(assertedByB),
    },
  ],
  [
    "an assertion by the former self of who has it",
    4,
    "9000-s is the later one of the two",
    {
      given: (partition) => {
        partition.given(acquire("a"));
        partition.at(9_000).given(reassert("a", { slot: 0, token: 1, by: "9000-s" }));
      },
      when: reassert("a", { slot: 0, token: 1, by: "0-s" }),
      told: invented({ ...aByB, session: "0-s", from: "9000-s", number: 2, value: 1 }),
    },
  ],
  [
    "an assertion of what only waits",
    4,
    "it was not held",
    {
      given: contended,
      told: invented({ ...assertedByB, from: "0-t", slot: 1, number: 2 }),
    },
  ],
  [
    "an assertion in the moment when the pause is over",
    4,
    "it was not held",
    {
      given: (partition) => {
        restarted(partition);
        partition.at(15_000);
      },
      when: reassert("b", { slot: 1, token: 2, ...byB }),
      told: invented({ ...assertedByB, slot: 1 }),
    },
  ],
  [
    "an assertion of a slot that another holds",
    2,
    "a holds it",
    {
      given: restarted,
      when: reassert("b", { slot: 0, token: 0, ...byB }),
      told: invented(assertedByB),
    },
  ],
  [
    "an assertion of what holds another slot",
    5,
    "it holds something else",
    {
      given: restarted,
      when: reassert("a", { slot: 1, token: 1, ...byB }),
      told: invented({ ...aByB, slot: 1 }),
    },
  ],
  [
    "an assertion of what was granted another time",
    5,
    "it holds something else",
    {
      given: restarted,
      when: reassert("a", { slot: 0, token: 2, ...byB }),
      told: invented({ ...aByB, token: 2 }),
    },
  ],
  [
    "an assertion on another semaphore",
    5,
    "it is on api",
    {
      given: restarted,
      when: reassert("a", { on: "blob", slot: 0, token: 1, ...byB }),
      told: invented({ ...aByB, semaphore: "blob" }),
    },
  ],
  [
    "an assertion that hides whose it was",
    10,
    "it belonged to 0-s",
    {
      given: held,
      when: reassert("a", { slot: 0, token: 1, ...byB }),
      told: altered("reasserted", { from: undefined }),
    },
  ],
  [
    "an assertion that is kept secret",
    5,
    "0 answers to reassert a on api",
    { given: held, when: reassert("a", { slot: 0, token: 1 }), told: hidden("reasserted") },
  ],
  [
    "an assertion that does not come into the state",
    10,
    "is not [[",
    {
      given: restarted,
      when: reassert("b", { slot: 1, token: 0, ...byB }),
      tampered: (state) => state.semaphores.get("api")?.holders.tail?.remove(),
    },
  ],
  [
    "a holder that gives way outside of a pause",
    4,
    "expired a on api (superseded): only after a loss of data",
    {
      given: held,
      when: reassert("b", { slot: 0, token: 2, ...byB }),
      told: ([event], { seq, at }) => [
        { ...ofA, type: "expired", reason: "superseded", seq, at },
        ...(event ? [{ ...event, seq: seq + 1 }] : []),
      ],
    },
  ],
  [
    "a holder that gives way to who got the slot before",
    4,
    "nobody says that he got the slot later",
    {
      given: restarted,
      when: reassert("b", { slot: 0, token: 0, ...byB }),
      told: (_events, { seq, at }) => [
        { ...ofA, type: "expired", reason: "superseded", seq, at },
        { ...assertedByB, token: 0, seq: seq + 1, at },
      ],
    },
  ],
  [
    "a holder that gives way to nobody",
    4,
    "nobody says that he got the slot later",
    { given: restarted, told: invented({ ...ofA, type: "expired", reason: "superseded" }) },
  ],
  [
    "a waiter that gives way",
    4,
    "nobody says that he got the slot later",
    {
      given: (partition) => {
        contended(partition);
        partition.lead(RESTART);
      },
      when: reassert("c", { slot: 0, token: 2 }),
      told: (events, { seq, at }) => [
        { ...ofB, type: "expired", reason: "superseded", seq, at },
        ...events.map((event) => ({ ...event, seq: event.seq + 1 })),
      ],
    },
  ],
  [
    "a token lower than one that was asserted",
    3,
    "the last token was 20000000",
    { given: reasserted, told: altered("granted", { token: 15_000_000 }) },
  ],
  [
    "a token lower than the last, after an earlier one was asserted",
    3,
    "the last token was 2",
    {
      given: (partition) => {
        partition.given(acquire("a", { value: 3 }), acquire("b", { value: 3 }));
        partition.given(reassert("a", { slot: 0, token: 1 }));
      },
      when: acquire("c", { value: 3 }),
      told: altered("granted", { token: 2 }),
    },
  ],
  [
    "a grant of a slot that was asserted",
    2,
    "a holds it",
    { given: reasserted, told: altered("granted", { slot: 0 }) },
  ],
  [
    "a TTL that ends before the time that was left of it",
    8,
    "its TTL ends at 9000",
    {
      given: goneOver,
      told: invented({ ...ofA, type: "expired", reason: "ttl", session: "0-t", at: 8_999 }),
    },
  ],
  [
    "a holder that outlives the time that was left of its TTL",
    7,
    "a outlived its deadline 9000",
    { given: goneOver, told: invented({ type: "ticked", at: 9_000 }) },
  ],
  [
    "a holder that is called silent by the session that it had before",
    8,
    "its session has until 7000",
    {
      given: goneOver,
      told: invented({ ...ofA, type: "expired", reason: "heartbeat", at: 6_999 }),
    },
  ],
  [
    "a second acquisition with the id of an asserted one",
    5,
    "the id is not new",
    {
      given: (partition) => {
        givenBack(partition);
        partition.lead(RESTART);
        partition.given(reassert("a", { slot: 0, token: 1 }));
      },
      when: acquire("b"),
      told: altered("queued", { acquisition: "a" }),
    },
  ],
  [
    "a former session's farewell that nobody gave",
    5,
    "number 1 was expected",
    {
      given: held,
      told: invented({ type: "left", session: "0-s", by: "0-t", number: 2 }),
    },
  ],
];

findsOut(lies);
