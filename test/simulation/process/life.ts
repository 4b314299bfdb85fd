/** One life of a member: a process with a session, a candidate, or both, over its own connection. */

import type { SessionCommand } from "../../../src/core/command.js";
import { BackendUnavailableError } from "../../../src/errors.js";
import type { CommandLog, Inbox, Views } from "../../../src/ports.js";
import { Candidate, type CandidateListener } from "../../../src/reconciler/candidate.js";
import { Link } from "../../../src/session/link.js";
import { Session } from "../../../src/session/session.js";
import type { Hold } from "../audit/holds.js";
import type { Random } from "../random.js";
import { WatchedStore } from "../sightings/watched-store.js";
import { WatchedUplink } from "../sightings/watched-uplink.js";
import type { World } from "../world.js";
import { Client } from "./client.js";
import type { ProcessClock } from "./clock.js";
import type { Host } from "./host.js";
import { SimulatedLease } from "./lease.js";
import type { Member } from "./member.js";
import { Terms } from "./terms.js";

/** `client`: a session alone; `embedded`: with a candidate; `reconciler`: a candidate alone. */
export type Role = "client" | "embedded" | "reconciler";

const RESPONSE_TIMEOUT_MS = 5000;

export class Life {
  readonly client: Client;
  readonly session: Session;
  readonly candidate: Candidate | undefined;
  readonly holds = new Set<Hold>();
  readonly waits = new Set<AbortController>();
  /** Its users do nothing more with it. */
  closing = false;
  private made = 0;
  /** Its session waits for something. */
  private awaits = false;

  constructor(
    readonly role: Role,
    readonly host: Host,
    readonly clock: ProcessClock,
    private readonly world: World,
    private readonly member: Member,
    private readonly random: Random,
  ) {
    this.client = new Client(host, world.redis, member.weather, random);
    const link = new Link({
      uplink: new WatchedUplink(this.client, world.sightings.reached),
      clock,
      responseTimeoutMs: RESPONSE_TIMEOUT_MS,
      onUnanswered: ({ ledForMs }) => this.candidate?.urge(ledForMs),
      onKeepAlive: (wanted) => {
        this.awaits = wanted;
      },
    });
    this.session = new Session({
      log: link,
      views: new LinkWithoutViews(link),
      clock,
      ids: () => this.newId(),
      distant: link,
    });
    this.candidate = role === "client" ? undefined : this.newCandidate();
    this.candidate?.start();
  }

  get name(): string {
    return this.host.name;
  }

  get heartbeatMs(): readonly number[] {
    return this.member.heartbeatMs;
  }

  /** Something of the process's own, so much later; unless it stands still or is gone by then. */
  after(ms: number, act: () => void): void {
    this.world.timeline.after(ms, () => this.host.ring(act));
  }

  end(): void {
    this.host.kill();
    this.client.close();
  }

  private newCandidate(): Candidate {
    const terms = new Terms();
    const { client, clock, random, name, world } = this;
    const note = (what: string) => world.note(`${name} ${what}`);
    return new Candidate({
      lease: new SimulatedLease(client, terms, this.member.pauseMs),
      store: new WatchedStore(world.sightings.reached, client, terms, world.timeline, random),
      clock,
      retention: world.plan.retention,
      ids: () => this.newId(),
      isNeeded: () => this.awaits || this.holds.size > 0,
      eager: this.role === "reconciler",
      listener: {
        leads: (epoch) => note(`leads, epoch ${epoch}`),
        stoodDown: (epoch, end) => this.stoodDown(epoch, end),
        failed: (error) => this.failed("cannot claim", error),
      },
    });
  }

  private stoodDown(epoch: number, end: Parameters<CandidateListener["stoodDown"]>[1]): void {
    this.world.note(`${this.name} leads no more, epoch ${epoch}: ${end.reason}`);
    this.world.sightings.termEnded(end.reason);
    if (end.reason === "failed") this.failed("failed to lead", end.error);
  }

  private failed(what: string, error: unknown): void {
    this.world.note(`${this.name} ${what}: ${String(error)}`);
    if (error instanceof BackendUnavailableError) return;
    if (!this.world.redis.wasDamaged) this.world.fail(error);
  }

  private newId(): string {
    return `${this.name}x${++this.made}`;
  }
}

/** The simulated world asks the log itself. */
class LinkWithoutViews implements CommandLog, Views {
  constructor(private readonly link: Link) {}

  join(session: string, inbox: Inbox): void {
    this.link.join(session, inbox);
  }

  append(command: SessionCommand): void {
    this.link.append(command);
  }

  async stats(): Promise<[]> {
    return [];
  }

  async locked(): Promise<boolean> {
    return false;
  }

  async holders(): Promise<[]> {
    return [];
  }

  async waiters(): Promise<[]> {
    return [];
  }

  async *events(): AsyncGenerator<never> {}
}
