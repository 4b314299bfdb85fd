/** Mistakes of who keeps the history: what a checkpoint says, and what is let go of. */

import type { Mutation } from "./mutation.js";

export const HISTORY: readonly Mutation[] = [
  {
    name: "checkpoint-before-its-events",
    wrong: "A checkpoint has the state that the one before it should have had.",
    file: "src/reconciler/ledger.js",
    find: `for (const text of stateTexts(this.state)) {`,
    replace: `const fresh = [...stateTexts(this.state)];
        const old = this.old ?? fresh;
        this.old = fresh;
        for (const text of old) {`,
    foundBy: [10],
  },
  {
    name: "checkpoint-without-waiters",
    wrong: "A checkpoint leaves out who waits.",
    file: "src/reconciler/state-text.js",
    find: `listed(acquisitions, acquisitionText)`,
    replace: `listed(acquisitions.filter(({ grant }) => grant), acquisitionText)`,
    foundBy: [10],
  },
  {
    name: "trims-past-the-checkpoint",
    wrong: "The checkpoint that the history shall begin with is trimmed as well.",
    file: "test/simulation/redis/scripts.js",
    find: `!isAfter(trimTo, id)`,
    replace: `isAfter(id, trimTo)`,
    foundBy: [12],
  },
  {
    name: "checkpoints-forgotten-by-the-next-leader",
    wrong: "A leader does not load where the history can begin.",
    file: "src/reconciler/checkpoints.js",
    find: `this.list = loaded.checkpoints;`,
    replace: `this.list = [];`,
    foundBy: [12],
  },
];
