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
import type { StreamEntry } from "../redis/data.js";
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
    const loaded = await connection.call("leader", (server) => server.load());
    if (loaded.epoch === term.epoch) return loaded;
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
    return this.client.connection.call("leader", ({ data }) => ({
      epoch: data.meta?.epoch ?? 0,
      commit: data.meta?.commit ?? 0,
    }));
  }

  /** `XREAD COUNT … BLOCK …` */
  private block(
    server: SimulatedRedis,
    after: EntryId,
    count: number,
    waitMs: number,
    reply: (result: () => StreamEntry[]) => void,
  ): void {
    const found = server.data.commands.after(after, count);
    if (found.length > 0 || waitMs <= 0) {
      reply(() => found);
      return;
    }
    const finish = (): void => {
      stopWaiting();
      timeout.cancel();
      const entries = server.data.commands.after(after, count);
      reply(() => entries);
    };
    const stopWaiting = server.onAdded(() => {
      if (server.data.commands.after(after, 1).length > 0) finish();
    });
    const timeout = this.timeline.after(waitMs, finish);
  }
}

function toReadEntry({ id, fields }: StreamEntry): ReadEntry {
  return { id, entry: entryOf(new Map(fields)) };
}

function entryOf(fields: ReadonlyMap<string, string>): Entry | undefined {
  const [session, commands] = [fields.get("session"), fields.get("commands")];
  const [number, seen] = [Number(fields.get("number")), Number(fields.get("seen"))];
  if (session === undefined || commands === undefined) return undefined;
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(seen)) return undefined;
  return { session, number, seen, commands };
}
