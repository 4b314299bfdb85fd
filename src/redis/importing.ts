/**
 * Brings a history into a namespace that is empty: all of it, or nothing. It is written under other names, which expire if
 * nobody goes on, and gets its own by one script.
 */

import { BackendUnavailableError, InvalidOptionError } from "../errors.js";
import { historyId } from "../history-ids.js";
import { messageId } from "../message-ids.js";
import type { Checkpoint, Counts, StoredEntry } from "../ports.js";
import { checkpointsText } from "./checkpoints.js";
import type { Connections } from "./connections.js";
import { unavailable } from "./failures.js";
import { type Keys, PROTOCOL } from "./keys.js";
import { numberOf, textOf } from "./replies.js";
import { SENTINEL } from "./scan.js";
import { Script } from "./scripts.js";

const IMPORT = new Script("import");

/** So long what is half done may stand still before it is gone. */
const EXPIRY_MS = 600_000;
/** What is sent at once: so many entries or fields, or so many characters. */
const PAGE = 500;
const PAGE_CHARACTERS = 1 << 20;

/** What a namespace consists of; the first ones have sentinels. */
const HASHES = ["semaphores", "acquisitions", "sessions"] as const;
const WRITTEN = ["meta", ...HASHES, "told", "history"] as const;
const OTHERS = ["commands", "leader"] as const;

/** What there is at the end of the history that was added. */
export interface ImportedState {
  readonly meta: Readonly<
    Record<"at" | "seq" | "token" | "sweepAt" | "shiftMs" | "pausedUntil" | "pauseMs", number | "">
  >;
  readonly counts: Counts;
  /** By field: the texts of the records. */
  readonly semaphores: ReadonlyMap<string, string>;
  readonly acquisitions: ReadonlyMap<string, string>;
  readonly sessions: ReadonlyMap<string, string>;
  /** As in `Loaded`. */
  readonly checkpoints: readonly Checkpoint[];
  readonly owed: number;
  /** Those of the last entry. */
  readonly epoch: number;
  readonly head: string;
}

type Arguments = (string | number)[];
type Field = readonly [name: string, text: string];

export class RedisImport {
  private readonly partial: Readonly<Record<(typeof WRITTEN)[number], string>>;
  private page: Arguments[] = [];
  private pageCharacters = 0;
  private entries = 0;

  /** @param id that no other import has */
  constructor(
    private readonly connections: Connections,
    private readonly keys: Keys,
    id: string,
  ) {
    const name = (key: string) => `${key}:import:${id}`;
    const { meta, semaphores, acquisitions, sessions, told, history } = keys;
    this.partial = {
      meta: name(meta),
      semaphores: name(semaphores),
      acquisitions: name(acquisitions),
      sessions: name(sessions),
      told: name(told),
      history: name(history),
    };
  }

  /** @throws InvalidOptionError if there is anything already. */
  async checkEmpty(): Promise<void> {
    const keys = this.ownKeys();
    const found = await this.connections.ask((life) => life.call("EXISTS", keys));
    if (numberOf(found) > 0) throw notEmpty(this.keys);
  }

  /** The next entry. */
  async add({ seq, epoch, commands, events, previous, state, hash }: StoredEntry): Promise<void> {
    const id = historyId(seq, ++this.entries);
    const fields = [
      "seq",
      seq,
      "epoch",
      epoch,
      "commands",
      commands,
      "events",
      events,
      "hash",
      hash,
    ];
    if (state !== undefined) fields.push("previous", previous ?? "", "state", state);
    this.page.push([this.partial.history, id, ...fields]);
    this.pageCharacters += commands.length + events.length + (state?.length ?? 0);
    const isFull = this.page.length >= PAGE || this.pageCharacters >= PAGE_CHARACTERS;
    if (isFull) await this.flush();
  }

  /** Makes it visible. @throws InvalidOptionError if somebody has begun there meanwhile. */
  async finish(imported: ImportedState): Promise<void> {
    await this.flush();
    const { semaphores, acquisitions, sessions, epoch } = imported;
    await this.writeHash("semaphores", [[SENTINEL, "1"], ...semaphores]);
    await this.writeHash("acquisitions", [[SENTINEL, "1"], ...acquisitions]);
    await this.writeHash("sessions", [[SENTINEL, "1"], ...sessions]);
    // One that lives finds nothing that continues what it was told: it begins again, and asserts what it holds.
    const told = [...sessions.keys()].map((id): Field => [id, messageId(epoch, 0)]);
    await this.writeHash("told", told);
    await this.writeHash("meta", this.metaOf(imported));
    const answer = await this.rename(imported);
    if (answer === "taken") throw notEmpty(this.keys);
    if (answer !== "done") throw unavailable(LOST);
  }

  /** Nothing of it stays, if Redis can be reached; else it expires. */
  async discard(): Promise<void> {
    const keys = Object.values(this.partial);
    await this.connections.ask((life) => life.call("DEL", keys)).catch(() => {});
  }

  private metaOf({ meta, counts, checkpoints, owed, epoch, head }: ImportedState): Field[] {
    const fields = {
      protocol: PROTOCOL,
      // No server has this one: the next leader takes the data for a copy, whose holders may be gone.
      runId: "",
      incarnation: 0,
      ...meta,
      ...counts,
      epoch,
      commit: this.entries,
      cursor: `${meta.at}-0`,
      head,
      checkpoints: checkpointsText(checkpoints),
      owed,
    };
    return Object.entries(fields).map(([name, value]) => [name, String(value)]);
  }

  /** After a lost answer nobody knows whether it was done; to ask again does no harm. */
  private async rename(imported: ImportedState): Promise<string> {
    const { counts, head } = imported;
    const keys = [...this.ownKeys(), ...WRITTEN.map((name) => this.partial[name])];
    const lengths = [...HASHES.map((name) => counts[name] + 1), counts.sessions, this.entries];
    const run = () => this.connections.ask((life) => IMPORT.run(life, keys, [head, ...lengths]));
    const reply = await run().catch((error) => {
      if (error instanceof BackendUnavailableError) return run();
      throw error;
    });
    return textOf(reply);
  }

  private ownKeys(): string[] {
    return [...WRITTEN, ...OTHERS].map((name) => this.keys[name]);
  }

  private async flush(): Promise<void> {
    const entries = this.page;
    this.page = [];
    this.pageCharacters = 0;
    if (entries.length === 0) return;
    await this.connections.ask((life) =>
      Promise.all([
        ...entries.map((entry) => life.call("XADD", entry)),
        life.call("PEXPIRE", [this.partial.history, EXPIRY_MS]),
      ]),
    );
  }

  private async writeHash(name: keyof typeof this.partial, fields: Iterable<Field>): Promise<void> {
    const key = this.partial[name];
    for (const page of pagesOf(fields)) {
      await this.connections.ask((life) =>
        Promise.all([
          life.call("HSET", [key, ...page.flat()]),
          life.call("PEXPIRE", [key, EXPIRY_MS]),
        ]),
      );
    }
  }
}

const LOST =
  "it has lost what was written for the import. Was it restarted, or emptied? Nothing was imported; try again";

function* pagesOf<T>(items: Iterable<T>): Generator<T[], void, undefined> {
  let page: T[] = [];
  for (const item of items) {
    page.push(item);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function notEmpty({ meta }: Keys): InvalidOptionError {
  const namespace = meta.slice(0, meta.indexOf("}") + 1);
  return new InvalidOptionError(
    "namespace",
    `the namespace is not empty: there are keys of ${namespace} in Redis, or somebody leads there. Nothing was changed. ` +
      "Choose another namespace; or stop all who use this one, and delete its keys.",
  );
}
