/** Mistakes in what is decided: who gets which slot, when it ends, whose word counts. */

import type { Mutation } from "./mutation.js";

const DECIDE = "src/core/decide.js";
const REFUSAL = "src/core/refusal.js";

export const CORE: readonly Mutation[] = [
  {
    name: "stale-release-frees",
    wrong: "A release that comes too late gives back the slot of somebody else.",
    file: DECIDE,
    find: `function release(state, command, at) {
    const acquisition = state.acquisitions.get(command.acquisition);`,
    replace: `function release(state, command, at) {
    const others = [...state.acquisitions.values()];
    const acquisition = state.acquisitions.get(command.acquisition) ?? others.find(({ grant }) => grant);`,
    foundBy: [13],
  },
  {
    name: "release-of-a-waiter",
    wrong: "A release ends what only waits.",
    file: DECIDE,
    find: `    if (acquisition?.grant === undefined)
        return ignored(state, command, "not-held", at);`,
    replace: `    if (acquisition === undefined)
        return ignored(state, command, "not-held", at);`,
    foundBy: [4],
  },
  {
    name: "cancelled-waiter-stays",
    wrong: "Whoever cancels a wait keeps his place, and is granted a slot.",
    file: DECIDE,
    find: `return abandoned(state, acquisition, command.reason, at, command);`,
    replace: `return ignored(state, command, "not-live", at);`,
    foundBy: [4, 7, 10, 11],
  },
  {
    name: "stranger-cancels",
    wrong: "A cancel without effect ends the oldest that anybody has.",
    file: DECIDE,
    find: `        return ignored(state, command, "not-live", at);
    if (acquisition.grant)
        return released(state, acquisition, "cancelled", at, command);`,
    replace: `        return leave(state, { ...command, former: [...state.sessions.keys()][0] }, at);
    if (acquisition.grant)
        return released(state, acquisition, "cancelled", at, command);`,
    foundBy: [4, 11, 13],
  },
  {
    name: "last-come-first-served",
    wrong: "A free slot goes to the tail of the queue.",
    file: DECIDE,
    find: `semaphore?.queue.head?.value`,
    replace: `semaphore?.queue.tail?.value`,
    foundBy: [6],
  },
  {
    name: "one-slot-for-all",
    wrong: "Every grant is for slot 0.",
    file: DECIDE,
    find: `semaphore.slots.lowestFree()`,
    replace: `0`,
    foundBy: [2],
  },
  {
    name: "slot-not-reused",
    wrong: "A new slot number is given while a lower one is free.",
    file: "src/core/slots.js",
    find: `return this.free.peek()?.number ?? this.used.length;`,
    replace: `return this.used.length;`,
    foundBy: [2],
  },
  {
    name: "shrink-not-heeded",
    wrong: "Grants go on after a shrink, as if the semaphore still had its declared value.",
    file: "src/core/state.js",
    find: `semaphore.holders.size < semaphore.effective`,
    replace: `semaphore.holders.size < semaphore.declared`,
    foundBy: [1, 11],
  },
  {
    name: "ttl-from-the-acquire",
    wrong: "A TTL counts from the acquire instead of the grant.",
    file: "src/core/evolve.js",
    find: `setDeadline(state, acquisition, deadlineAfter(state, acquisition.terms.ttlMs));`,
    replace: `setDeadline(state, acquisition, acquisition.queuedAt - state.shiftMs + (acquisition.terms.ttlMs ?? Infinity));`,
    foundBy: [8],
  },
  {
    name: "heartbeat-by-contenders-terms",
    wrong: "A session is silent when the shortest interval of anybody is over.",
    file: "src/core/indexes.js",
    find: `const silentAt = silenceOf(session, watch);`,
    replace: `const silentAt = silenceOf(session, watch) - watch.intervalMs + state.shortestIntervalMs;`,
    foundBy: [8],
  },
  {
    name: "silence-not-excused",
    wrong: "Silence counts also while nobody could be heard.",
    file: "src/core/evolve.js",
    find: `watch.resumedAt = state.steadyAt;`,
    replace: `watch.resumedAt = watch.resumedAt;`,
    foundBy: [8],
  },
  {
    name: "tokens-count-from-what-is-left",
    wrong: "After a loss of data, fencing tokens begin again where the data is.",
    file: DECIDE,
    find: `Math.max(state.token + 1, at * 1000)`,
    replace: `state.token + 1`,
    foundBy: [3],
  },
  {
    name: "gaps-accepted",
    wrong: "A command is taken though one before it is missing.",
    file: REFUSAL,
    find: `command.number > session.applied + 1 ? "gap" : undefined`,
    replace: `undefined`,
    foundBy: [5],
  },
  {
    name: "duplicates-accepted",
    wrong: "A command that comes twice takes effect twice.",
    file: REFUSAL,
    find: `if (command.number <= session.applied)`,
    replace: `if (false)`,
    foundBy: [5],
  },
  {
    name: "strangers-accepted",
    wrong: "A session that nobody knows is taken with any number and any age.",
    file: REFUSAL,
    find: `return command.number === 1 && isYoung(state, command.session, at) ? undefined : "stranger";`,
    replace: `return undefined;`,
    foundBy: [5],
  },
  {
    name: "lower-token-wins",
    wrong: "Of two that say they hold a slot, the earlier grant counts.",
    file: DECIDE,
    find: `if (rival.grant.token > command.token)`,
    replace: `if (rival.grant.token < command.token)`,
    foundBy: [4],
  },
  {
    name: "reassert-outside-the-pause",
    wrong:
      "Who says that he holds a slot is believed at any time, also once it may be somebody else's.",
    file: DECIDE,
    find: `    if (!isPaused(state, now))
        return ignored(state, command, "too-late", at);`,
    replace: ``,
    foundBy: [4],
  },
  {
    name: "no-pause-after-a-restart",
    wrong: "Grants go on at once after data was lost.",
    file: DECIDE,
    find: `Math.max(at + pauseMs, logTime(state, state.pausedUntil))`,
    replace: `Math.max(at, logTime(state, state.pausedUntil))`,
    foundBy: [1, 13],
  },
  {
    name: "pause-too-short",
    wrong:
      "After a loss of data, grants pause for half the time in which somebody may hold unheard.",
    file: DECIDE,
    find: `Math.max(at + pauseMs, logTime(state, state.pausedUntil))`,
    replace: `Math.max(at + Math.floor(pauseMs / 2), logTime(state, state.pausedUntil))`,
    foundBy: [1, 13],
  },
];
