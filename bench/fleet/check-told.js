// @ts-check
// What clients were told against the history: no grant that nobody made, none that nobody got, and
// an answer to every ask, unless the client was killed before.

/**
 * @typedef {import("../redis/history.js").AnyEvent} AnyEvent
 * @typedef {import("./records.js").Run} Run
 * @typedef {import("./records.js").ClientRecord} ClientRecord
 */

/** @param {Run} run @returns {import("./check.js").Result} */
export function checkTold(run) {
  const events = run.commits.flatMap((commit) => commit.events);
  const grants = new Map(of(events, "granted").map((event) => [event.acquisition, event]));
  const all = [...run.clients].flatMap(([client, records]) =>
    records.map((record) => ({ who: `${client}#${record.ask}`, record })),
  );
  const living = [...run.clients].filter(([client]) => !run.deaths.has(client));
  const count = (/** @type {string} */ type) =>
    all.filter(({ record }) => record.type === type).length;
  return {
    violations: [
      ...all.flatMap(({ who, record }) => objectionsTo(who, record, grants)),
      ...living.flatMap(([client, records]) => unanswered(client, records)),
      ...living.flatMap(([client, records]) => untold(client, records, events, grants)),
    ],
    checked: {
      "processes, all lives": run.clients.size,
      "processes killed": run.deaths.size,
      "acquires asked for": count("ask"),
      "acquires answered": count("enter"),
      "slots lost while their holder lived": count("lost"),
    },
  };
}

/** @param {readonly AnyEvent[]} events @param {string} type */
function of(events, type) {
  return events.filter((event) => event.type === type);
}

/** @param {string} who @param {ClientRecord} record @param {Map<string | undefined, AnyEvent>} grants */
function objectionsTo(who, record, grants) {
  if (record.type === "failed") return [`${who} failed: ${record.error}`];
  if (record.type !== "enter") return [];
  const grant = grants.get(record.acquisition);
  if (grant === undefined) return [`${who} was told of a grant that the history does not have`];
  const { semaphore, slot, token } = grant;
  const same = semaphore === record.semaphore && slot === record.slot && token === record.token;
  return same ? [] : [`${who} was told of another slot or token than the history has`];
}

/** @param {string} client @param {readonly ClientRecord[]} records */
function unanswered(client, records) {
  const answered = new Set(
    records.flatMap(({ type, ask }) => (type === "enter" || type === "failed" ? [ask] : [])),
  );
  return records
    .filter(({ type, ask }) => type === "ask" && !answered.has(ask))
    .map(({ ask }) => `${client}#${ask} was never answered`);
}

/**
 * Who asked stands in the metadata of the acquisition.
 *
 * @param {string} client
 * @param {readonly ClientRecord[]} records
 * @param {readonly AnyEvent[]} events
 * @param {Map<string | undefined, AnyEvent>} grants
 */
function untold(client, records, events, grants) {
  const entered = new Set(
    records.map((record) => (record.type === "enter" ? record.acquisition : "")),
  );
  return of(events, "queued")
    .filter(({ terms }) => terms?.metadata?.client === client)
    .filter(({ acquisition = "" }) => grants.has(acquisition) && !entered.has(acquisition))
    .map(
      ({ acquisition, terms }) =>
        `${client}#${terms?.metadata?.ask} never learned of its grant ${acquisition}`,
    );
}
