/**
 * What the contract of the ports needs from a backend: one server, whatever may happen to it, and processes
 * that reach it. Time passes by itself, whether it is real or simulated.
 */

import { onTestFinished } from "vitest";
import type { Commit, EntryId, Lease, Store, Term, Uplink } from "../../../src/ports.js";
import type { Mailbox } from "../../support/mailbox.js";
import { aCommit, type Ear, lead } from "../../support/port-words.js";

export interface PortsBackend {
  readonly name: string;
  /** Whether `shiftClock` works here. */
  readonly canShiftClock: boolean;
  /** A server without data, and nobody else near it. */
  begin(): Promise<Scene>;
}

export interface Scene {
  /** One that is connected. */
  process(options?: ProcessOptions): Promise<Process>;
  /** What the server's clock says. */
  clockAt(): Promise<number>;
  /** Somebody sets the server's clock; what is running keeps its pace. */
  shiftClock(ms: number): void;
  /** The server has on its disk what it has now. */
  save(): Promise<void>;
  /** It stops, and starts with some data: all that it had, what was saved last, or none. */
  restart(data: "all" | "saved" | "none", meanwhile?: () => Promise<void>): Promise<void>;
  /** All connections end, and the server lives on. */
  cut(): Promise<void>;
  /** No memory is left, or there is some again. */
  fill(isFull: boolean): Promise<void>;
  deleteEverything(): Promise<void>;
  deleteKey(key: Key): Promise<void>;
  /** Somebody puts a value of another type there. */
  replaceKey(key: Key): Promise<void>;
  deleteField(key: Records | "told", field: string): Promise<void>;
  /** Somebody who is not ours writes an entry. */
  write(fields: readonly (readonly [string, string])[]): Promise<void>;
  /** How many commits the history has. */
  historyLength(): Promise<number>;
  /** Somebody waits for entries at the server. */
  blockedReader(): Promise<void>;
  /** Time passes until it throws no more. */
  until<T>(attempt: () => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

export interface ProcessOptions {
  /** The pause after a restart that it brings; 15,000 unless told. */
  readonly pauseMs?: number | undefined;
}

export interface Process {
  readonly lease: Lease;
  readonly store: Store;
  readonly uplink: Uplink;
  readonly ear: Ear;
  /** A letter whenever nobody may lead; the first when it had connected. */
  readonly vacancies: Mailbox<void>;
  /** Ends, with its connections. */
  close(): void;
}

export type Records = "semaphores" | "acquisitions" | "sessions";
export type Key = Records | "meta" | "told" | "history" | "commands" | "leader";

export const RECORDS: readonly Records[] = ["semaphores", "acquisitions", "sessions"];

export const HOUR_MS = 3_600_000;

/** What nobody's reads take as long as. */
export const LONG_MS = 60_000;

export const ENTRY = { session: "5-s", number: 7, seen: 3, commands: '[{"type":"heartbeat"}]' };

/** Ends with the test. */
export async function sceneOf(backend: PortsBackend): Promise<Scene> {
  const scene = await backend.begin();
  onTestFinished(() => scene.end());
  return scene;
}

/** A scene with one process, which leads, and an entry that nobody has decided. */
export interface Leading extends Process {
  readonly scene: Scene;
  readonly term: Term;
  readonly entry: EntryId;
  /** Commits the entry, with these changes. */
  commit(changes?: Partial<Commit>): Promise<Commit>;
}

export async function leading(
  backend: PortsBackend,
  options: ProcessOptions = {},
): Promise<Leading> {
  const scene = await sceneOf(backend);
  const process = await scene.process(options);
  const entry = await process.uplink.append(ENTRY);
  const term = await lead(process);
  const commit = async (changes: Partial<Commit> = {}) => {
    const made = aCommit(entry, changes);
    const result = await process.store.commit(term, made);
    if (result !== "done") throw new Error(`the commit was answered with ${result}`);
    return made;
  };
  return { ...process, scene, term, entry, commit };
}

/** Goes on when nobody leads any more. */
export async function leaseEnds(scene: Scene, uplink: Uplink): Promise<void> {
  await scene.until(async () => {
    const { ledForMs } = await uplink.report("nobody", []);
    if (ledForMs > 0) throw new Error(`somebody leads for ${ledForMs} ms`);
  });
}

export function millisecondsOf(id: EntryId): number {
  return Number(id.split("-")[0]);
}

/** Of an error that says which key is meant. */
export function naming(key: Key): RegExp {
  return new RegExp(`\\b${key}\\b`);
}

/** Why it failed. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}
