/**
 * Mistakes in the scripts that Redis runs. The simulated server has them in its own words, which stand for
 * src/redis/scripts/*.lua; that both say the same, the contract of the ports shows.
 */

import type { Mutation } from "./mutation.js";

const SCRIPTS = "test/simulation/redis/scripts.js";
const SERVER = "test/simulation/redis/server.js";

export const SCRIPTS_MUTATIONS: readonly Mutation[] = [
  {
    name: "no-epoch-check",
    wrong: "A commit of an older term is taken.",
    file: SCRIPTS,
    find: `if (meta === undefined || meta.epoch !== epoch)`,
    replace: `if (meta === undefined)`,
    foundBy: [9, 10],
  },
  {
    name: "commit-taken-twice",
    wrong: "A commit that is sent again is taken again, wherever it belongs.",
    file: SCRIPTS,
    find: `    if (meta.commit === commit.number)
        return "done";
    if (meta.commit`,
    replace: `    if (meta.commit === commit.number)
        commit = { ...commit, number: commit.number + 1 };
    else if (meta.commit`,
    foundBy: [9, 10, 12, 13],
  },
  {
    name: "told-before-committed",
    wrong: "Sessions are told what was decided before it is stored.",
    file: SERVER,
    find: `const result = scripts.commit(`,
    replace: `this.tell(commit);\n        const result = scripts.commit(`,
    foundBy: [13],
  },
  {
    name: "trims-beyond-the-cursor",
    wrong: "Entries are deleted that nobody has decided.",
    file: SERVER,
    find: `this.data.commands.trim(commit.to)`,
    replace: `this.data.commands.trim(this.data.commands.lastId)`,
    foundBy: [12],
  },
  {
    name: "claims-while-somebody-leads",
    wrong: "A claim takes the lead from whoever has it.",
    file: SCRIPTS,
    find: `if (leader && leader.candidate !== candidate) {`,
    replace: `if (false) {`,
    foundBy: [11],
  },
];
