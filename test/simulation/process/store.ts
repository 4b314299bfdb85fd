/** The port `Store` of one process, over its simulated connection. */

import { BackendUnavailableError } from "../../../src/errors.js";
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
} from "../../../src/ports.js";
import type { Random } from "../random.js";
import { checkTypes } from "../redis/checks.js";
import type { StreamEntry } from "../redis/data.js";
import { position } from "../redis/scripts.js";
import type { SimulatedRedis } from "../redis/server.js";
import type { Timeline } from "../timeline.js";
import type { Client } from "./client.js";
import type { Terms } from "./terms.js";

const LARGEST_BATCH = 40;

export class SimulatedStore implements Store {
  /** Ends the read that is under way, if one is. */
  private onInterrupt: () => void = () => {};

  constructor(
    private readonly client: Client,
    private readonly terms: Terms,
    private readonly timeline: Timeline,
    private readonly random: Random,
  ) {}

  async load(term: Term): Promise<Loaded> {
    const { connection } = this.client;
    if (!this.terms.isOf(term, connection.runId)) {
      throw new BackendUnavailableError("another server answers than before.");
    }
    try {
      const loaded = await connection.call("leader", (server) => server.load());
      if (loaded.commit > 0) this.client.sawData();
      if (loaded.epoch === term.epoch) return loaded;
    } catch (error) {
      if ((await this.position()).epoch === term.epoch) throw error;
    }
    throw new BackendUnavailableError("somebody else leads since.");
  }

  async read(after: EntryId, waitMs: number): Promise<ReadEntry[]> {
    const { connection } = this.client;
    const count = this.random.whole(1, LARGEST_BATCH);
    const interrupted = new Promise<ReadEntry[]>((resolve) => {
      this.onInterrupt = () => resolve([]);
    });
    const read = connection.converse<StreamEntry[]>("reader", (reply) =>
      this.block(connection.server, after, count, waitMs, reply),
    );
    read.catch(() => {});
    return Promise.race([read.then((entries) => entries.map(toReadEntry)), interrupted]);
  }

  interrupt(): void {
    this.onInterrupt();
  }

  async tick(at?: number): Promise<EntryId> {
    return this.client.connection.call("leader", (server) => server.tick(at));
  }

  async commit(term: Term, commit: Commit): Promise<CommitResult> {
    const { connection } = this.client;
    if (!this.terms.isOf(term, connection.runId)) return "epoch";
    const result = await connection.call("leader", (server) => server.commit(term, commit));
    if (result === "done") this.client.sawData();
    return result;
  }

  async position(): Promise<Position> {
    return this.client.connection.call("leader", ({ moment }) => position(moment));
  }

  /** `XREAD COUNT … BLOCK …` */
  private block(
    server: SimulatedRedis,
    after: EntryId,
    count: number,
    waitMs: number,
    reply: (result: () => StreamEntry[]) => void,
  ): void {
    const found = (limit: number): StreamEntry[] => {
      checkTypes(server.data, "commands");
      return server.data.commands.after(after, limit);
    };
    if (waitMs <= 0 || server.data.foreign.has("commands") || found(1).length > 0) {
      reply(() => found(count));
      return;
    }
    const finish = (): void => {
      stopWaiting();
      timeout.cancel();
      reply(() => found(count));
    };
    const stopWaiting = server.onAdded(() => {
      if (found(1).length > 0) finish();
    });
    const timeout = this.timeline.after(waitMs, () => server.thread.run(finish));
  }
}

function toReadEntry({ id, fields }: StreamEntry): ReadEntry {
  return { id, entry: entryOf(fields) };
}

/** The fields in the order in which the protocol has them; `undefined` for what has others. */
function entryOf(fields: StreamEntry["fields"]): Entry | undefined {
  if (fields.map(([name]) => name).join() !== "session,number,seen,commands") return undefined;
  const [session = "", number = "", seen = "", commands = ""] = fields.map(([, text]) => text);
  if (![number, seen].every((text) => /^\d{1,15}$/.test(text))) return undefined;
  return { session, number: Number(number), seen: Number(seen), commands };
}
