/** Stands between a client and a Redis server, sees what is said, and can lose it on the way. */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { RedisServer } from "./redis-server.js";

/** What one side has sent, before it goes on to the other. */
export interface Piece {
  readonly from: "client" | "server";
  readonly text: string;
  /** Ends the connection at once. */
  readonly cut: () => void;
}

/** Ends with the test. */
export async function proxyTo(server: RedisServer): Promise<TcpProxy> {
  const proxy = new TcpProxy(server.port);
  await proxy.listen();
  onTestFinished(() => proxy.close());
  return proxy;
}

export class TcpProxy {
  /** Sees each piece. */
  watch: (piece: Piece) => void = () => {};
  /** Says which pieces get lost; whoever waits for them never knows. */
  loses: (piece: Piece) => boolean = () => false;
  private readonly listener: Server;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly port: number) {
    this.listener = createServer((client) => this.accept(client));
  }

  get url(): string {
    const { port } = this.listener.address() as AddressInfo;
    return `redis://127.0.0.1:${port}`;
  }

  async listen(): Promise<void> {
    this.listener.listen(0, "127.0.0.1");
    await once(this.listener, "listening");
  }

  /** The connection on which something like this is asked next ends as soon as it is done, before the reply. */
  swallowReplyTo(request: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const asking = new Set<() => void>();
      let isDone = false;
      this.watch = ({ from, text, cut }) => {
        if (isDone) return;
        if (from === "client" && request.test(text)) asking.add(cut);
        if (from === "client" || !asking.has(cut)) return;
        isDone = true;
        cut();
        resolve();
      };
    });
  }

  close(): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private accept(client: Socket): void {
    const server = connect(this.port, "127.0.0.1");
    const cut = () => {
      client.destroy();
      server.destroy();
    };
    this.join(client, server, "client", cut);
    this.join(server, client, "server", cut);
  }

  private join(source: Socket, target: Socket, from: "client" | "server", cut: () => void): void {
    this.sockets.add(source);
    source.setNoDelay();
    source.on("error", cut);
    source.on("close", () => {
      this.sockets.delete(source);
      cut();
    });
    source.on("data", (data) => {
      const piece = { from, text: data.toString("latin1"), cut };
      this.watch(piece);
      if (!target.destroyed && !this.loses(piece)) target.write(data);
    });
  }
}
