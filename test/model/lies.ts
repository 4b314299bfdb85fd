/** Stores that do not tell or do as they should, so that memory and Redis differ: the test must notice. */

import type { Commit, Store } from "../../src/ports.js";
import type { Lie } from "./on-redis.js";

/** What it does, but for some of it. */
function altered(store: Store, other: Partial<Store>): Store {
  return {
    load: other.load ?? ((term) => store.load(term)),
    read: other.read ?? ((after, waitMs) => store.read(after, waitMs)),
    interrupt: () => store.interrupt(),
    tick: (at) => store.tick(at),
    commit: other.commit ?? ((term, commit) => store.commit(term, commit)),
    position: () => store.position(),
  };
}

export const forgettingResizes: Lie = (store) =>
  altered(store, {
    load: async (term) => {
      const loaded = await store.load(term);
      const semaphores = loaded.snapshot.semaphores.map((record) => ({
        ...record,
        effective: record.declared,
      }));
      return { ...loaded, snapshot: { ...loaded.snapshot, semaphores } };
    },
  });

export const forcing: Lie = (store) =>
  altered(store, {
    read: async (after, waitMs) => {
      const read = await store.read(after, waitMs);
      return read.map(({ id, entry }) => {
        if (entry === undefined) return { id, entry };
        const commands = entry.commands.replaceAll('"force":false', '"force":true');
        return { id, entry: { ...entry, commands } };
      });
    },
  });

export const tellingOnlyWhoAsked: Lie = (store) =>
  altered(store, { commit: (term, commit) => store.commit(term, tellingFewer(commit)) });

/** The message of a session is one with its own answer, or it is not sent. */
function tellingFewer(commit: Commit): Commit {
  const messages = [...commit.messages].filter(([, { text }]) => text.includes('"number":'));
  return { ...commit, messages: new Map(messages) };
}
