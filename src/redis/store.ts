/** The data of a partition in Redis, for its leader. */

import type {
  Commit,
  CommitResult,
  Entry,
  EntryId,
  Loaded,
  Position,
  ReadEntry,
  Store,
  Term,
} from "../ports.js";
import { commitArguments } from "./commit.js";
import type { Connections } from "./connections.js";
import { unavailable } from "./failures.js";
import type { Keys } from "./keys.js";
import type { Life } from "./life.js";
import { load } from "./loading.js";
import { listOf, numberOf, textOf, textsOf } from "./replies.js";
import { Script } from "./scripts.js";
import type { TermServers } from "./term-servers.js";

const COMMIT = new Script("commit");
const TICK = new Script("tick");

/** Entries that one read brings at most; a session brings one at a time. */
const READ_COUNT = 1_000;

export class RedisStore implements Store {
  /** Counts interruptions: a read that began before one brings nothing. */
  private interruptions = 0;

  constructor(
    private readonly connections: Connections,
    private readonly keys: Keys,
    private readonly terms: TermServers,
    private readonly responseTimeoutMs: number,
  ) {}

  async load(term: Term): Promise<Loaded> {
    const { life } = this.connections.commands;
    if (!this.terms.standsOn(life, term)) throw unavailable("another server answers than before");
    try {
      const loaded = await load(life, this.keys);
      if (loaded.commit > 0) this.connections.sawData();
      if (loaded.epoch === term.epoch) return loaded;
    } catch (error) {
      // What is read while another leader writes need not fit together.
      if ((await this.position()).epoch === term.epoch) throw error;
    }
    throw unavailable("somebody else leads since");
  }

  async read(after: EntryId, waitMs: number): Promise<ReadEntry[]> {
    const begun = this.interruptions;
    try {
      const life = await this.connections.reader.ready(this.responseTimeoutMs);
      if (begun !== this.interruptions) return [];
      this.checkServer(life);
      const block = waitMs > 0 ? ["BLOCK", Math.ceil(waitMs)] : [];
      const args = ["COUNT", READ_COUNT, ...block, "STREAMS", this.keys.commands, after];
      return toEntries(await life.call("XREAD", args, waitMs));
    } catch (error) {
      if (begun !== this.interruptions) return [];
      throw error;
    }
  }

  /** Ends the reader's connection: the server may not even have seen yet what it shall stop. */
  interrupt(): void {
    this.interruptions++;
    this.connections.reader.stop(unavailable("the read was interrupted"));
  }

  async tick(at?: number): Promise<EntryId> {
    const { life } = this.connections.commands;
    return textOf(await TICK.run(life, [this.keys.commands], [at ?? ""]));
  }

  async commit(term: Term, commit: Commit): Promise<CommitResult> {
    const { life } = this.connections.commands;
    if (!this.terms.standsOn(life, term)) return "epoch";
    const { meta, semaphores, acquisitions, sessions, told, history, commands, inbox } = this.keys;
    const result = await COMMIT.run(
      life,
      [meta, semaphores, acquisitions, sessions, told, history, commands],
      commitArguments(commit, { term, runId: life.runId, inbox }),
    );
    if (result === "done") this.connections.sawData();
    if (result === "done" || result === "epoch" || result === "cursor") return result;
    throw unavailable(`a commit was answered with ${JSON.stringify(result)}`);
  }

  async position(): Promise<Position> {
    const { life } = this.connections.commands;
    const [epoch, commit] = listOf(
      await life.call("HMGET", [this.keys.meta, "epoch", "commit"]),
    ).map((field) => (field === null ? 0 : numberOf(field)));
    return { epoch: epoch ?? 0, commit: commit ?? 0 };
  }

  /** Entries of one server must not be decided on another's data. */
  private checkServer(reader: Life): void {
    if (reader.runId === this.connections.commands.life.runId) return;
    this.connections.reader.stop(unavailable("another server answers than before"));
    throw unavailable("another server answers than before");
  }
}

function toEntries(reply: unknown): ReadEntry[] {
  if (reply === null) return [];
  const [stream] = listOf(reply);
  const [, entries] = listOf(stream);
  return listOf(entries).map((entry) => {
    const [id, fields] = listOf(entry);
    return { id: textOf(id), entry: toEntry(textsOf(fields)) };
  });
}

/** The fields in the order in which the protocol has them; `undefined` for what has others. */
function toEntry(fields: readonly string[]): Entry | undefined {
  const [first, session, second, number, third, seen, fourth, commands, ...more] = fields;
  if (first !== "session" || second !== "number" || third !== "seen" || fourth !== "commands") {
    return undefined;
  }
  if (session === undefined || commands === undefined || more.length > 0) return undefined;
  if (!isCount(number) || !isCount(seen)) return undefined;
  return { session, number: Number(number), seen: Number(seen), commands };
}

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,15}$/.test(text);
}
