/** Mistakes of a client: what it believes, what it says, what it says again. */

import type { Mutation } from "./mutation.js";

const CONVERSATION = "src/session/conversation.js";
const ACQUISITIONS = "src/session/acquisitions.js";
const DEADLINES = "src/session/local-deadlines.js";
const OUTBOX = "src/session/outbox.js";

export const SESSION: readonly Mutation[] = [
  {
    name: "local-deadline-ignored",
    wrong: "A holder that is cut off does not notice that its time is over.",
    file: DEADLINES,
    find: `acquisition.loseLocally(reason, this.distant.lastFailure);`,
    replace: ``,
    foundBy: [13],
  },
  {
    name: "local-deadline-too-late",
    wrong: "A holder that is cut off believes for half as long again as the log waits for it.",
    file: DEADLINES,
    find: `const SAFE_SHARE = 0.99;`,
    replace: `const SAFE_SHARE = 1.5;`,
    foundBy: [13],
  },
  {
    name: "heard-when-answered",
    wrong: "A session believes that it was heard when the answer came, not when it spoke.",
    file: DEADLINES,
    find: `this.heardAt = Math.max(this.heardAt, sentAt);`,
    replace: `this.heardAt = Math.max(this.heardAt, this.clock.now());`,
    foundBy: [13],
  },
  {
    name: "ttl-on-the-late-side",
    wrong: "A holder takes the latest moment at which its TTL may end for the earliest.",
    file: DEADLINES,
    find: `const at = logClock.earliest(grantedAt + ttlMs, now);`,
    replace: `const at = logClock.latest(grantedAt + ttlMs, now);`,
    foundBy: [13],
  },
  {
    name: "lost-message-not-noticed",
    wrong: "A message is taken though one before it was lost.",
    file: CONVERSATION,
    find: `if (after === last)`,
    replace: `if (true)`,
    foundBy: [11, 13],
  },
  {
    name: "reports-not-read",
    wrong: "What a report tells is not taken in.",
    file: CONVERSATION,
    find: `const isNews = this.deliver(report.messages);`,
    replace: `const isNews = this.deliver([]);`,
    foundBy: [11, 13],
  },
  {
    name: "loss-of-data-not-noticed",
    wrong: "A session does not notice that the log knows less of it than it was told.",
    file: CONVERSATION,
    find: `if (hasForgotten(report, progress)) {`,
    replace: `if (false) {`,
    foundBy: [11, 13],
  },
  {
    name: "renumbers-on-resend",
    wrong: "An entry that is written again gets the next number.",
    file: "src/session/link.js",
    find: `append(written.entry)`,
    replace: `append({ ...written.entry, number: written.entry.number + written.attempts - 1 })`,
    foundBy: [11, 13],
  },
  {
    name: "forgets-what-got-lost",
    wrong: "An entry that got lost is not written again.",
    file: OUTBOX,
    find: `this.stored = missing < 0 ? this.written.length : missing;`,
    replace: `this.stored = this.written.length;`,
    foundBy: [11],
  },
  {
    name: "lost-waiter-not-asked-again",
    wrong: "A waiter that the log took for dead, though it lives, is not asked for again.",
    file: ACQUISITIONS,
    find: `            this.askAgain(acquisition, event.at, SILENT);
            return;`,
    replace: `            this.live.delete(acquisition.id);
            return;`,
    foundBy: [11],
  },
  {
    name: "forgotten-waiter-not-asked-again",
    wrong: "What waited in data that was lost is not asked for again.",
    file: ACQUISITIONS,
    find: `                this.askAgain(acquisition, this.sender.logTime(), FORGOTTEN);
        }`,
    replace: `                this.live.delete(acquisition.id);
        }`,
    foundBy: [11],
  },
  {
    name: "unwanted-grant-kept",
    wrong: "A wait is given up without a word to the log.",
    file: "src/session/standing.js",
    find: `        this.giveUp(reason, "cancelled");
        this.move(CANCEL);`,
    replace: `        this.giveUp(reason, "cancelled");`,
    foundBy: [11],
  },
];
