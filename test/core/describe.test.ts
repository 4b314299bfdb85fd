/** Every command, event and state reads as one line. (Commands that are read back: properties.test.ts.) */

import { expect, test } from "vitest";
import { type Command, type LeaderCommand, TICK } from "../../src/core/command.js";
import {
  describeCommand,
  describeEvent,
  describeState,
  duration,
} from "../../src/core/describe.js";
import type { Event } from "../../src/core/event.js";
import { State } from "../../src/core/state.js";
import {
  type Ask,
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

const terms = {
  noWait: true,
  maxAcquireTimeMs: 250,
  ttlMs: 30_000,
  heartbeatMaxIntervalMs: 1_500,
  maxQueueSize: 5,
  onValueMismatch: "adopt",
  metadata: { job: "build 7" },
} as const;
const TERMS = 'no-wait max=250ms ttl=30s heartbeat=1.5s queue=5 adopt job="build 7"';

const commands: [Ask, string][] = [
  [acquire("a"), "acquire a on api value=1 by 0-s#3"],
  [acquire("a", { ...terms, value: 2 }), `acquire a on api value=2 ${TERMS} by 0-s#3`],
  [acquire("a", { onValueMismatch: "reject" }), "acquire a on api value=1 by 0-s#3"],
  [release("a", { by: "0-t" }), "release a by 0-t#3"],
  [cancel("a"), "cancel a (cancelled) by 0-s#3"],
  [cancel("a", { reason: "timeout" }), "cancel a (timeout) by 0-s#3"],
  [revoke("a"), "revoke a by 0-s#3"],
  [revoke("a", { force: true }), "revoke a force by 0-s#3"],
  [resize("api", 5), "resize api value=5 by 0-s#3"],
  [resize("api", 0, { declared: 5 }), "resize api value=0 declared=5 by 0-s#3"],
  [heartbeat(), "heartbeat by 0-s#3"],
  [leave(), "leave by 0-s#3"],
  [leave({ former: "0-s", by: "0-t" }), "leave as 0-s by 0-t#3"],
  [reassert("a", { slot: 0, token: 7 }), "reassert a on api slot=0 token=7 value=1 by 0-s#3"],
  [
    reassert("a", { slot: 2, token: 7, value: 3, ttlLeftMs: 900, ...terms, by: "0-t" }),
    `reassert a on api slot=2 token=7 value=3 ttl-left=900ms ${TERMS} by 0-t#3`,
  ],
];

test.each(commands)("a command: %o", (ask, line) => {
  const command: Command = { ...ask, number: 3 };
  expect(describeCommand(command)).toBe(line);
});

test.each<[LeaderCommand, string]>([
  [TICK, "tick"],
  [{ type: "rebase", byMs: 3_600_000 }, "rebase 3600s"],
  [{ type: "rebase", byMs: -5_000 }, "rebase -5s"],
  [{ type: "restart", pauseMs: 15_000 }, "restart pause=15s"],
])("a command of the leader's own has no origin: %o", (command, line) => {
  expect(describeCommand(command)).toBe(line);
});

const at = { seq: 1, at: 0 };
const about = { ...at, semaphore: "api", acquisition: "a", session: "0-s" };
const hold = { value: 3, slot: 2, token: 7, queuedAt: 4_000, grantedAt: 5_000 };
const counts = { declared: 1, effective: 1, held: 1, queued: 2 };

const events: [Event, string][] = [
  [
    { ...about, type: "queued", number: 1, value: 2, position: 1, terms },
    `queued a on api value=2 position=1 ${TERMS} by 0-s#1`,
  ],
  [{ ...about, type: "granted", slot: 0, token: 7 }, "granted a on api slot=0 token=7"],
  [
    { ...about, ...hold, type: "reasserted", number: 1, terms: {} },
    "reasserted a on api slot=2 token=7 value=3 by 0-s#1",
  ],
  [
    { ...about, ...hold, type: "reasserted", number: 1, from: "0-r", ttlLeftMs: 9_000, terms },
    `reasserted a on api slot=2 token=7 value=3 ttl-left=9s ${TERMS} from=0-r by 0-s#1`,
  ],
  [{ ...about, type: "expired", reason: "superseded" }, "expired a on api (superseded)"],
  [{ ...about, type: "released", reason: "left" }, "released a on api (left)"],
  [
    { ...about, type: "released", reason: "released", number: 2 },
    "released a on api (released) by 0-s#2",
  ],
  [
    { ...about, type: "released", reason: "cancelled", by: "0-t", number: 2 },
    "released a on api (cancelled) by 0-t#2",
  ],
  [{ ...about, type: "expired", reason: "ttl" }, "expired a on api (ttl)"],
  [
    { ...about, ...counts, type: "abandoned", reason: "busy", number: 4 },
    "abandoned a on api (busy) declared=1 effective=1 held=1 queued=2 by 0-s#4",
  ],
  [{ ...about, type: "revoked", by: "0-t", number: 9 }, "revoked a on api by 0-t#9"],
  [{ ...at, type: "declared", semaphore: "api", value: 3 }, "declared api value=3"],
  [
    {
      ...at,
      type: "resized",
      semaphore: "api",
      session: "0-s",
      number: 1,
      declared: 3,
      effective: 0,
    },
    "resized api declared=3 effective=0 by 0-s#1",
  ],
  [{ ...at, type: "heartbeat", session: "0-s", number: 2 }, "heartbeat by 0-s#2"],
  [{ ...at, type: "left", session: "0-s", number: 3 }, "left by 0-s#3"],
  [{ ...at, type: "left", session: "0-s", by: "0-t", number: 3 }, "left as 0-s by 0-t#3"],
  [
    { ...at, type: "ignored", session: "0-s", number: 3, command: "release", reason: "not-held" },
    "ignored release (not-held) by 0-s#3",
  ],
  [
    {
      ...{ ...at, type: "ignored", session: "0-s", number: 3, command: "reassert" },
      ...{ acquisition: "a", reason: "too-late" },
    },
    "ignored reassert a (too-late) by 0-s#3",
  ],
  [{ ...at, type: "refused", session: "0-s", number: 3, reason: "gap" }, "refused (gap) by 0-s#3"],
  [{ ...at, type: "resumed", gapMs: 90_000 }, "resumed after 90s"],
  [{ ...at, type: "rebased", byMs: 250 }, "rebased 250ms"],
  [{ ...at, type: "restarted", pausedUntil: 15_000 }, "restarted paused-until=15s"],
  [
    { ...at, type: "swept", semaphores: ["a", "b"], sessions: ["0-s"] },
    "swept semaphores=[a b] sessions=[0-s]",
  ],
  [{ ...at, type: "ticked" }, "ticked"],
];

test.each(events)("an event: %o", (event, line) => {
  expect(describeEvent(event)).toBe(line);
});

test("an empty state", () => {
  expect(describeState(new State())).toBe("at=0ms seq=0 token=0");
});

test("a state: slots and who holds them, the queue, sessions, in order of their names", () => {
  const partition = new Partition().given(
    acquire("z", { on: "zoo", by: "0-t" }),
    acquire("a", { value: 2 }),
    acquire("b", { value: 2 }),
    acquire("c", { value: 2 }),
    acquire("d", { value: 2 }),
    revoke("b"),
    resize("api", 1),
  );
  partition.at(1_500).tick();
  expect(describeState(partition.state).split(" | ")).toEqual([
    "at=1.5s seq=11 token=3",
    "api 2/1 (declared 2) held=[0:a 1:b!] queue=[c d]",
    "zoo 1/1 held=[0:z] queue=[]",
    "0-s#6 owns=4",
    "0-t#1 owns=1",
  ]);
});

test("a state: slots in their order, whoever was first", () => {
  const partition = new Partition();
  partition.lead({ type: "restart", pauseMs: 1 });
  const asserted = { value: 12, token: 5 };
  partition.given(
    reassert("a", { slot: 10, ...asserted }),
    reassert("b", { slot: 2, ...asserted }),
    reassert("c", { slot: 0, ...asserted }),
  );
  expect(describeState(partition.state)).toContain("api 3/12 held=[0:c 2:b 10:a]");
});

test("a state says how far its clock has jumped, and until when grants pause", () => {
  const partition = new Partition();
  partition.at(2_000).lead({ type: "restart", pauseMs: 3_000 });
  const head = () => describeState(partition.state);
  expect(head()).toBe("at=2s seq=1 token=0 paused-until=5s");
  partition.at(62_000).lead({ type: "rebase", byMs: 60_000 });
  expect(head()).toBe("at=62s seq=2 token=0 shift=60s paused-until=65s");
  partition.at(65_000).tick();
  expect(head()).toBe("at=65s seq=3 token=0 shift=60s");
});

test.each([
  [0, "0ms"],
  [999, "999ms"],
  [-999, "-999ms"],
  [1_000, "1s"],
  [1_500, "1.5s"],
  [-2_000, "-2s"],
  [90_000, "90s"],
])("%d ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
