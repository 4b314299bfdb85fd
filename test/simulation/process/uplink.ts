/** The port `Uplink` of one process, over its simulated connection. */

import type {
  Entry,
  EntryId,
  Message,
  Report,
  Uplink,
  UplinkListener,
} from "../../../src/ports.js";
import { report } from "../redis/scripts.js";
import type { Client } from "./client.js";

export class SimulatedUplink implements Uplink {
  private listener: UplinkListener | undefined = undefined;

  constructor(private readonly client: Client) {}

  open(listener: UplinkListener): void {
    this.listener = listener;
    this.client.listen({
      up: () => listener.up(),
      down: (reason) => listener.down(reason),
    });
  }

  async append({ session, number, seen, commands }: Entry): Promise<EntryId> {
    return this.client.connection.call("session", (server) =>
      server.add([
        ["session", session],
        ["number", String(number)],
        ["seen", String(seen)],
        ["commands", commands],
      ]),
    );
  }

  async subscribe(session: string): Promise<void> {
    await this.client.connection.listen(`inbox:${session}`, (text) => {
      const message: Message = JSON.parse(text);
      this.client.sawData();
      this.listener?.receive(session, message);
    });
  }

  unsubscribe(session: string): void {
    try {
      this.client.connection.unlisten(`inbox:${session}`);
    } catch {
      // Without a connection nothing is subscribed.
    }
  }

  async report(session: string, written: readonly EntryId[]): Promise<Report> {
    const ids = [...written];
    const { connection } = this.client;
    const reply = await connection.call("session", ({ moment }) => report(moment, session, ids));
    if (reply.applied !== undefined) this.client.sawData();
    return reply;
  }
}
