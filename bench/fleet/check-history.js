// @ts-check
// The history by itself: complete, in order, first come first served, and every slot came back.

/**
 * @typedef {import("../redis/history.js").AnyEvent} AnyEvent
 * @typedef {{ queue: string[], slots: Map<number, string> }} Model of a semaphore: who waits, who holds what
 */

const ENDS = ["released", "expired", "abandoned"];

/** @param {import("./records.js").Run} run @returns {import("./check.js").Result} */
export function checkHistory({ commits, values }) {
  const events = commits.flatMap((commit) => commit.events);
  const semaphores = new Semaphores();
  const of = (/** @type {string} */ type) => events.filter((event) => event.type === type);
  const grants = of("granted");
  return {
    violations: [
      ...orderOf(commits, events, grants),
      ...events.flatMap((event) => semaphores.apply(event)),
      ...grants
        .filter(
          ({ semaphore = "", slot = -1 }) =>
            semaphore in values && slot >= (values[semaphore] ?? 0),
        )
        .map(
          (grant) =>
            `${name(grant)} got slot ${grant.slot}, which ${grant.semaphore} does not have`,
        ),
      ...semaphores.leftOver(),
    ],
    checked: {
      "commits of the history": commits.length,
      "events of the history": events.length,
      "terms of leaders": new Set(commits.map(({ epoch }) => epoch)).size,
      grants: grants.length,
      "grants that had waited behind others": of("queued").filter(
        ({ position = 1 }) => position > 1,
      ).length,
      "slots taken back from silent sessions": of("expired").length,
      "waiters taken out of the queue": of("abandoned").length,
    },
  };
}

/**
 * What must rise, or must not fall, from one to the next.
 *
 * @param {readonly import("./records.js").StoredCommit[]} commits
 * @param {readonly AnyEvent[]} events
 * @param {readonly AnyEvent[]} grants
 */
function orderOf(commits, events, grants) {
  return [
    ...wrongSteps(commits, (a, b) => b.epoch >= a.epoch).map(
      ([a, b]) => `epoch ${b.epoch} wrote after epoch ${a.epoch}`,
    ),
    ...(events.length > 0 && events[0]?.seq !== 1
      ? [`the history begins with event ${events[0]?.seq}`]
      : []),
    ...wrongSteps(events, (a, b) => b.seq === a.seq + 1).map(
      ([a, b]) => `event ${b.seq} follows event ${a.seq}`,
    ),
    ...wrongSteps(events, (a, b) => b.at >= a.at).map(
      ([, b]) => `log time went back at event ${b.seq}`,
    ),
    ...wrongSteps(grants, (a, b) => (b.token ?? 0) > (a.token ?? 0)).map(
      ([a, b]) => `token ${b.token} of ${name(b)} came after token ${a.token}`,
    ),
  ];
}

/** @template T @param {readonly T[]} all @param {(a: T, b: T) => boolean} isRight @returns {[T, T][]} */
function wrongSteps(all, isRight) {
  return all.flatMap((b, i) => {
    const a = i > 0 ? all[i - 1] : undefined;
    return a === undefined || isRight(a, b) ? [] : [[a, b]];
  });
}

/** Follows queues and slots, and objects to what cannot be. */
class Semaphores {
  /** @type {Map<string, Model>} */
  #models = new Map();

  /** @param {AnyEvent} event @returns {string[]} */
  apply(event) {
    const { type, semaphore, acquisition } = event;
    if (semaphore === undefined || acquisition === undefined) return [];
    const model = this.#modelOf(semaphore);
    if (type === "queued") model.queue.push(acquisition);
    if (type === "granted") return grant(model, event, acquisition);
    if (ENDS.includes(type)) return end(model, event, acquisition);
    return [];
  }

  /** @param {string} semaphore @returns {Model} */
  #modelOf(semaphore) {
    const known = this.#models.get(semaphore);
    if (known) return known;
    /** @type {Model} */
    const model = { queue: [], slots: new Map() };
    this.#models.set(semaphore, model);
    return model;
  }

  leftOver() {
    return [...this.#models].flatMap(([semaphore, { queue, slots }]) => [
      ...queue.map((id) => `${id} on ${semaphore} still waits at the end`),
      ...[...slots].map(([slot, id]) => `slot ${slot} of ${semaphore} never came back from ${id}`),
    ]);
  }
}

/** @param {Model} model @param {AnyEvent} event @param {string} id */
function grant(model, event, id) {
  const slot = event.slot ?? -1;
  const owner = model.slots.get(slot);
  const [head] = model.queue;
  model.queue = model.queue.filter((other) => other !== id);
  model.slots.set(slot, id);
  return [
    ...(owner === undefined ? [] : [`${name(event)} got slot ${slot}, which ${owner} held`]),
    ...(head === id
      ? []
      : [`${name(event)} was granted before ${head}, which was first in the queue`]),
  ];
}

/** @param {Model} model @param {AnyEvent} event @param {string} id */
function end(model, event, id) {
  const slot = [...model.slots].find(([, owner]) => owner === id)?.[0];
  const held = slot !== undefined && event.type !== "abandoned";
  const waited = model.queue.includes(id) && event.type === "abandoned";
  if (held) model.slots.delete(slot);
  if (waited) model.queue = model.queue.filter((other) => other !== id);
  return held || waited ? [] : [`${name(event)} was ${event.type}, but it was not there`];
}

/** @param {AnyEvent} event */
function name({ acquisition, semaphore, seq }) {
  return `${acquisition} on ${semaphore} (event ${seq})`;
}
