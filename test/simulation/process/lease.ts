/** The port `Lease` of one process, over its simulated connection. */

import type { Claim, Lease, LogTime, Term } from "../../../src/ports.js";
import { LEASE_MS } from "../redis/moment.js";
import { renew } from "../redis/scripts.js";
import type { Client } from "./client.js";
import type { Terms } from "./terms.js";

export class SimulatedLease implements Lease {
  constructor(
    private readonly client: Client,
    private readonly terms: Terms,
    private readonly pauseMs: number,
  ) {}

  async claim(candidate: string): Promise<Claim> {
    const { connection } = this.client;
    const reply = await connection.call("leader", (server) =>
      server.claim(candidate, this.pauseMs, this.client.hasSeenData),
    );
    if (!reply.won) return reply;
    const { epoch, at, clockAt } = reply;
    const term = { candidate, epoch, leaseMs: LEASE_MS, at, clockAt };
    this.terms.begin(term, connection.runId);
    return { won: true, term };
  }

  async renew(term: Term): Promise<LogTime | undefined> {
    const { connection } = this.client;
    if (!this.terms.isOf(term, connection.runId)) return undefined;
    return connection.call("leader", (server) => renew(server.moment, term.candidate, term.epoch));
  }

  async resign(term: Term): Promise<void> {
    await this.client.connection.call("leader", (server) => server.resign(term));
  }

  onVacant(listener: () => void): void {
    this.client.listen({
      up: (connection) => {
        connection.listen("vacant", listener).catch(() => {});
        listener();
      },
      down: () => {},
    });
  }
}
