/** Mistakes of a leader: what it knows, what it stores, when it stops. */

import type { Mutation } from "./mutation.js";

export const RECONCILER: readonly Mutation[] = [
  {
    name: "decides-before-it-has-loaded",
    wrong: "A leader decides before it knows who holds and who waits.",
    file: "src/reconciler/leader.js",
    find: `restoring(loaded.snapshot)`,
    replace: `restoring({ ...loaded.snapshot, acquisitions: [], semaphores: [] })`,
    foundBy: [10, 13],
  },
  {
    name: "log-time-goes-back",
    wrong:
      "Commands are decided at the time of their entry, also if that is older than what was decided.",
    file: "src/reconciler/ledger.js",
    find: `Math.max(at, this.state.at)`,
    replace: `at`,
    foundBy: [8, 10],
  },
  {
    name: "goes-on-after-its-lease",
    wrong: "A leader that is told that another one leads goes on.",
    file: "src/reconciler/tenure.js",
    find: `            if (time === undefined)
                return this.end("fenced");`,
    replace: `            if (time === undefined)
                return this.confirm(sentAt);`,
    foundBy: [11],
  },
  {
    name: "restart-not-noticed",
    wrong: "A leader takes data that may have lost its last moments for whole.",
    file: "src/reconciler/leader.js",
    find: `if (restarted) {`,
    replace: `if (false) {`,
    foundBy: [13],
  },
  {
    name: "pause-by-configuration-alone",
    wrong: "How long somebody may hold unheard is not learned from what is asked for.",
    file: "src/reconciler/ledger.js",
    find: `if (heartbeatMaxIntervalMs > this.pauseMs)`,
    replace: `if (false)`,
    foundBy: [1, 13],
  },
  {
    name: "no-ticks",
    wrong: "Nobody lets time pass in a log that is silent.",
    file: "src/reconciler/ticker.js",
    find: `this.underWayUntil = this.clock.now() + PATIENCE_MS;`,
    replace: `return;`,
    foundBy: [11],
  },
  {
    name: "own-clock-believed",
    wrong:
      "A leader whose clock is fast lets log time follow it, as if the server's had been set back.",
    file: "src/reconciler/ticker.js",
    find: `        this.adjust(sentAt, logTimeOf(id), this.clock.now());
        return id;`,
    replace: `        const { deadline } = this;
        return logTimeOf(id) < deadline ? this.store.tick(deadline) : id;`,
    foundBy: [13],
  },
  {
    name: "log-time-stands-still",
    wrong: "While the server's clock stands behind log time, nobody carries that on.",
    file: "src/reconciler/ticker.js",
    find: `return this.isBehind ? Math.max(at, this.reached) : at;`,
    replace: `return at;`,
    foundBy: [11, 13],
  },
  {
    name: "chain-without-epoch",
    wrong: "The hash of an entry of the history leaves out who wrote it.",
    file: "src/reconciler/ledger.js",
    find: `linesOf(this.head, seq, this.epoch, commands, events)`,
    replace: `linesOf(this.head, seq, 0, commands, events)`,
    foundBy: [10],
  },
  {
    name: "heard-not-stored",
    wrong: "That a session was heard is not stored.",
    file: "src/reconciler/record-texts.js",
    find: `JSON.stringify({ applied, heardAt,`,
    replace: `JSON.stringify({ applied, heardAt: 0,`,
    foundBy: [10],
  },
];
