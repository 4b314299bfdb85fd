// @ts-check
// By the holders' own records alone: nobody was in a slot while another one was, and whoever came
// later had the higher fencing token.

/**
 * From entering to leaving, or to being told of the loss, or to the death of the process.
 *
 * @typedef {{ who: string, semaphore: string, slot: number, token: number, from: number, to: number, killed: boolean }} Stay
 */

/** @param {import("./records.js").Run} run @returns {import("./check.js").Result} */
export function checkSlots(run) {
  const stays = [...run.clients.keys()].flatMap((client) => staysOf(run, client));
  /** @type {Map<string, Stay[]>} */
  const bySlot = new Map();
  for (const stay of stays) {
    const slot = `slot ${stay.slot} of ${stay.semaphore}`;
    bySlot.set(slot, [...(bySlot.get(slot) ?? []), stay]);
  }
  const successions = [...bySlot].flatMap(([slot, all]) => successionsIn(slot, all));
  return {
    violations: [
      ...stays.filter((stay) => isOutside(run, stay)).map(outside),
      ...stays.filter(({ to }) => to === Infinity).map(endless),
      ...successions.flatMap(objections),
    ],
    checked: {
      "stays in a slot": stays.length,
      "slots used": bySlot.size,
      "successions in a slot": successions.length,
      "successions of a killed holder": successions.filter(({ before }) => before.killed).length,
    },
  };
}

/** @param {import("./records.js").Run} run @param {string} client @returns {Stay[]} */
function staysOf({ clients, deaths }, client) {
  const records = clients.get(client) ?? [];
  const death = deaths.get(client) ?? Infinity;
  /** @type {Map<number, number>} */
  const ends = new Map();
  for (const record of records) {
    if (record.type !== "leave" && record.type !== "lost") continue;
    ends.set(record.ask, Math.min(record.at, ends.get(record.ask) ?? Infinity));
  }
  return records.flatMap((record) => {
    if (record.type !== "enter") return [];
    const { ask, semaphore, slot, token, at: from } = record;
    const to = ends.get(ask) ?? death;
    return [{ who: `${client}#${ask}`, semaphore, slot, token, from, to, killed: !ends.has(ask) }];
  });
}

/**
 * Each stay after the first, with the one before it that lasted longest.
 *
 * @typedef {{ slot: string, before: Stay, after: Stay }} Succession
 * @param {string} slot
 * @param {Stay[]} stays
 * @returns {Succession[]}
 */
function successionsIn(slot, stays) {
  const [first, ...others] = stays.toSorted((a, b) => a.from - b.from || a.to - b.to);
  if (first === undefined) return [];
  let before = first;
  return others.map((after) => {
    const succession = { slot, before, after };
    if (after.to > before.to) before = after;
    return succession;
  });
}

/** @param {Succession} succession */
function objections({ slot, before, after }) {
  const both = `${slot}: ${after.who} (token ${after.token}) after ${before.who} (token ${before.token})`;
  return [
    ...(after.from < before.to
      ? [`overlap in ${both}, ${before.to - after.from} µs too early`]
      : []),
    ...(after.token <= before.token ? [`tokens out of order in ${both}`] : []),
  ];
}

/** @param {import("./records.js").Run} run @param {Stay} stay */
function isOutside({ values }, { semaphore, slot }) {
  return slot < 0 || slot >= (values[semaphore] ?? 0);
}

/** @param {Stay} stay */
function outside({ who, semaphore, slot }) {
  return `${who} was in slot ${slot} of ${semaphore}, which has no such slot`;
}

/** @param {Stay} stay */
function endless({ who, semaphore, slot }) {
  return `${who} never left slot ${slot} of ${semaphore}, though its process lived`;
}
