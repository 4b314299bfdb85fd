/** A simulated uplink that counts what a report brings because no message did. */

import type { EntryId, Message, MessageId, Report, UplinkListener } from "../../../src/ports.js";
import type { Client } from "../process/client.js";
import { SimulatedUplink } from "../process/uplink.js";
import type { Reached } from "../reached.js";

export class WatchedUplink extends SimulatedUplink {
  private readonly heard = new Set<MessageId>();

  constructor(
    client: Client,
    private readonly reached: Reached,
  ) {
    super(client);
  }

  override open(listener: UplinkListener): void {
    super.open({
      up: () => listener.up(),
      down: (reason) => listener.down(reason),
      receive: (session: string, message: Message) => {
        this.heard.add(message.id);
        listener.receive(session, message);
      },
    });
  }

  override async report(session: string, written: readonly EntryId[]): Promise<Report> {
    const report = await super.report(session, written);
    if (report.messages.some(({ id }) => !this.heard.has(id))) {
      this.reached.count("a report brought what no message had");
    }
    for (const { id } of report.messages) this.heard.add(id);
    return report;
  }
}
