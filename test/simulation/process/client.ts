/** A process's way to the server: one connection after the other, with a pause between them. */

import { BackendUnavailableError, ProtocolError } from "../../../src/errors.js";
import type { Random } from "../random.js";
import { type SimulatedRedis, WITNESS } from "../redis/server.js";
import { Connection, type Weather } from "./connection.js";
import type { Host } from "./host.js";

export interface ConnectionListener {
  up(connection: Connection): void;
  down(reason: Error): void;
}

export class Client {
  /** The network lets the process reach the server. */
  reachable = true;
  private current: Connection | undefined = undefined;
  private lastFailure: Error = new BackendUnavailableError("not connected yet.");
  private readonly listeners = new Set<ConnectionListener>();
  private closed = false;
  private seenData = false;

  constructor(
    private readonly host: Host,
    private readonly server: SimulatedRedis,
    private readonly weather: Weather,
    private readonly random: Random,
  ) {
    this.connectSoon();
  }

  /** Is called back at once, or soon, if there is a connection. */
  listen(listener: ConnectionListener): void {
    this.listeners.add(listener);
    const connection = this.current;
    if (connection === undefined) return;
    this.host.timeline.after(0, () =>
      this.host.deliver(() => {
        if (this.current === connection) listener.up(connection);
      }),
    );
  }

  /** @throws BackendUnavailableError while there is none. */
  get connection(): Connection {
    if (this.current === undefined) throw this.lastFailure;
    return this.current;
  }

  get hasSeenData(): boolean {
    return this.seenData;
  }

  /** If the data is gone one day, others shall know that there was some. */
  sawData(): void {
    if (!this.seenData) this.current?.listen(WITNESS, () => {}).catch(() => {});
    this.seenData = true;
  }

  cut(why: string): void {
    this.current?.cut(why, true);
  }

  /** The process ended. */
  close(): void {
    this.closed = true;
    this.cut("the process ended");
  }

  private connectSoon(): void {
    const { timeline } = this.host;
    timeline.after(this.random.between(5, 500), () => this.host.deliver(() => this.connect()));
  }

  private connect(): void {
    if (this.closed) return;
    if (!this.reachable || !this.server.isUp) {
      this.lastFailure = new BackendUnavailableError("the server cannot be reached.");
      this.connectSoon();
      return;
    }
    if (this.server.data.foreign.has("meta")) {
      this.lost(new ProtocolError("meta is of another type."));
      return;
    }
    const connection = new Connection(this.host, this.server, this.weather, this.random, (reason) =>
      this.lost(reason),
    );
    this.current = connection;
    if (this.seenData) connection.listen(WITNESS, () => {}).catch(() => {});
    for (const listener of this.listeners) listener.up(connection);
  }

  private lost(reason: Error): void {
    this.current = undefined;
    this.lastFailure = reason;
    for (const listener of this.listeners) listener.down(reason);
    this.connectSoon();
  }
}
