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

/** @throws InvalidOptionError if the namespace cannot be part of a key. */
export function keysOf(namespace: string, partition = 0): Keys {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!/^[^{}\u0000-\u001f\u007f]{1,200}$/.test(namespace)) {
    throw new InvalidOptionError(
      "namespace",
      `namespace must have 1 to 200 characters, without braces and control characters, but is ${JSON.stringify(namespace)}.`,
    );
  }
  const prefix = `{${namespace}:${partition}}:`;
  return {
    commands: `${prefix}commands`,
    history: `${prefix}history`,
    meta: `${prefix}meta`,
    semaphores: `${prefix}semaphores`,
    acquisitions: `${prefix}acquisitions`,
    sessions: `${prefix}sessions`,
    told: `${prefix}told`,
    leader: `${prefix}leader`,
    vacant: `${prefix}vacant`,
    witness: `${prefix}witness`,
    inbox: `${prefix}inbox:`,
  };
}
