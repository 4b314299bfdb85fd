/** Names of the keys and channels of a partition. They share a hash tag, so that a Cluster keeps them together. */

import { InvalidOptionError } from "../errors.js";

/** The protocol that this version speaks (docs/PROTOCOL.md). */
export const PROTOCOL = "1";

export interface Keys {
  readonly commands: string;
  readonly history: string;
  readonly meta: string;
  readonly semaphores: string;
  readonly acquisitions: string;
  readonly sessions: string;
  readonly told: string;
  readonly leader: string;
  /** Channel on which a leader says that it leaves. */
  readonly vacant: string;
  /** Channel to which those subscribe who have seen data: if the data is gone then, it was lost. */
  readonly witness: string;
  /** A session's channel is this and its id. */
  readonly inbox: string;
}

/**
 * @param database number of the database. A server has the keys of each apart, but no channels: those of
 *   any but 0 say its number, so that namespaces of the same name leave each other alone.
 * @throws InvalidOptionError if the namespace cannot be part of a key.
 */
export function keysOf(namespace: string, database: number, partition = 0): Keys {
  if (!/^[^{}\p{Cc}\p{Cs}]{1,200}$/u.test(namespace)) {
    throw new InvalidOptionError(
      "namespace",
      `namespace must have 1 to 200 characters, without braces and control characters, but is ${JSON.stringify(namespace)}.`,
    );
  }
  const prefix = `{${namespace}:${partition}}:`;
  const channels = database === 0 ? prefix : `${prefix}db${database}:`;
  return {
    commands: `${prefix}commands`,
    history: `${prefix}history`,
    meta: `${prefix}meta`,
    semaphores: `${prefix}semaphores`,
    acquisitions: `${prefix}acquisitions`,
    sessions: `${prefix}sessions`,
    told: `${prefix}told`,
    leader: `${prefix}leader`,
    vacant: `${channels}vacant`,
    witness: `${channels}witness`,
    inbox: `${channels}inbox:`,
  };
}
