/** A partition on Redis: all that a session, a leader and a question need of it, over shared connections. */

import type { Clock } from "../ports.js";
import { Connections } from "./connections.js";
import { RedisHistory } from "./history.js";
import { RedisImport } from "./importing.js";
import { type Keys, keysOf } from "./keys.js";
import { RedisLease } from "./lease.js";
import { databaseOf, type RedisSource } from "./source.js";
import { RedisStore } from "./store.js";
import { TermServers } from "./term-servers.js";
import { RedisUplink } from "./uplink.js";
import { RedisViews } from "./views.js";

/** How long a leader that says nothing leads. */
const LEASE_MS = 1_000;

export interface RedisPartitionOptions {
  readonly source: RedisSource;
  readonly clock: Clock;
  /** Default `"slotstream"`. */
  readonly namespace?: string | undefined;
  /** How long nothing is granted after a restart of Redis, at least: the longest time that a session here may be silent. */
  readonly pauseMs: number;
  /** After so long without an answer a connection counts as lost, and a question fails; default 5,000. */
  readonly responseTimeoutMs?: number | undefined;
  /** Gets each warning once. */
  readonly warn?: ((message: string) => void) | undefined;
}

export class RedisPartition {
  readonly uplink: RedisUplink;
  readonly lease: RedisLease;
  readonly store: RedisStore;
  readonly views: RedisViews;
  readonly history: RedisHistory;
  readonly namespace: string;
  private readonly connections: Connections;
  private readonly keys: Keys;

  /**
   * Connects at the first use.
   *
   * @throws InvalidOptionError if source or namespace cannot work.
   */
  constructor(options: RedisPartitionOptions) {
    const { source, clock, pauseMs, namespace = "slotstream" } = options;
    const { responseTimeoutMs = 5_000, warn = () => {} } = options;
    const keys = keysOf(namespace, databaseOf(source));
    const terms = new TermServers();
    this.keys = keys;
    this.connections = new Connections({ source, keys, clock, responseTimeoutMs, warn });
    this.uplink = new RedisUplink(this.connections, keys, LEASE_MS);
    this.lease = new RedisLease(this.connections, keys, terms, { leaseMs: LEASE_MS, pauseMs });
    this.store = new RedisStore(this.connections, keys, terms, responseTimeoutMs);
    this.views = new RedisViews(this.connections, keys);
    this.history = new RedisHistory(this.connections, keys, clock);
    this.namespace = namespace;
  }

  /** @param id that no other import has */
  importing(id: string): RedisImport {
    return new RedisImport(this.connections, this.keys, id);
  }

  /** The process stays alive for the connections while somebody waits; it doesn't unless told so. */
  keepAlive(wanted: boolean): void {
    this.connections.keepAlive(wanted);
  }

  /** Ends all connections. What is under way rejects. */
  close(): void {
    this.connections.close();
  }
}
