/** Who may decide, kept in the key `leader`. */

import type { Claim, Lease, LogTime, Term } from "../ports.js";
import type { Connections, ConnectionsListener } from "./connections.js";
import type { Keys } from "./keys.js";
import { listOf, numberOf, textOf } from "./replies.js";
import { Script } from "./scripts.js";
import type { TermServers } from "./term-servers.js";

const CLAIM = new Script("claim");
const RENEW = new Script("renew");
const RESIGN = new Script("resign");

export interface LeaseOptions {
  readonly leaseMs: number;
  /** How long nothing is granted after a restart; the longest that any leader brings counts, and commits raise it. */
  readonly pauseMs: number;
}

export class RedisLease implements Lease, ConnectionsListener {
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly connections: Connections,
    private readonly keys: Keys,
    private readonly terms: TermServers,
    private readonly options: LeaseOptions,
  ) {
    connections.listen(this);
  }

  async claim(candidate: string): Promise<Claim> {
    const { life } = this.connections.commands;
    const { leader, meta, semaphores, acquisitions, sessions } = this.keys;
    const { told, history, commands, inbox, witness } = this.keys;
    const { leaseMs, pauseMs } = this.options;
    const knows = this.connections.hasSeenData ? 1 : 0;
    const reply = await CLAIM.run(
      life,
      [leader, meta, semaphores, acquisitions, sessions, told, history, commands],
      [candidate, leaseMs, pauseMs, life.runId, inbox, witness, knows],
    );
    const [answer, ...rest] = listOf(reply);
    if (textOf(answer) === "led") return { won: false, ledForMs: numberOf(rest[0]) };
    const term = { candidate, epoch: numberOf(rest[0]), leaseMs, ...toLogTime(rest.slice(1)) };
    this.terms.begun(term, life);
    return { won: true, term };
  }

  async renew(term: Term): Promise<LogTime | undefined> {
    const { life } = this.connections.commands;
    if (!this.terms.standsOn(life, term)) return undefined;
    const { leader, meta, commands } = this.keys;
    const keys = [leader, meta, commands];
    const reply = await RENEW.run(life, keys, [markOf(term), term.leaseMs]);
    return reply === null ? undefined : toLogTime(listOf(reply));
  }

  async resign(term: Term): Promise<void> {
    const { life } = this.connections.commands;
    await RESIGN.run(life, [this.keys.leader], [markOf(term), this.keys.vacant]);
  }

  onVacant(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Whether anybody leads is not known. */
  commandsUp(): void {
    this.tellVacant();
  }

  message(channel: string): void {
    if (channel === this.keys.vacant) this.tellVacant();
  }

  private tellVacant(): void {
    for (const listener of this.listeners) listener();
  }
}

function toLogTime([at, clockAt]: readonly unknown[]): LogTime {
  return { at: numberOf(at), clockAt: numberOf(clockAt) };
}

/** What the key `leader` contains during the term. */
function markOf({ epoch, candidate }: Term): string {
  return `${epoch}:${candidate}`;
}
