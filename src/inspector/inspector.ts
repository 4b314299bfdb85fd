/** The inspector: a small server of one page, and of the history that the page shows. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { hostname } from "node:os";
import { InvalidOptionError } from "../errors.js";
import { Coordinator } from "../index.js";
import { feedOf, type HistorySource } from "./feed.js";
import { type Figures, figuresOf } from "./figures.js";
import { Guard } from "./guard.js";
import { type CheckedOptions, checkOptions, type InspectorOptions } from "./options.js";
import { readPage } from "./page-files.js";
import { handle } from "./routes.js";
import { Streams } from "./streams.js";

export interface Inspector extends AsyncDisposable {
  /** Where to open it; with the token, if it has one. */
  readonly url: string;
  readonly port: number;
  /** Ends all that is under way. What is shown, such as the coordinator, stays as it is. */
  close(): Promise<void>;
}

/**
 * Serves a page that shows what happens, and what has happened: of the semaphores of a coordinator, live, or of an export.
 * It keeps the process alive until it is closed. Rejects with `InvalidOptionError`, also if it cannot listen there, and with
 * `HistoryError` if the source has no history.
 *
 * @example
 * const inspector = await createInspector(coordinator);
 * console.log(`Open ${inspector.url}`);
 */
export async function createInspector(
  source: Coordinator | HistorySource,
  options: InspectorOptions = {},
): Promise<Inspector> {
  const checked = checkOptions(options);
  const feed = feedOf(source);
  const performer = checked.allowActions ? coordinatorOf(source, "allowActions") : undefined;
  const measured = checked.metrics ? coordinatorOf(source, "metrics") : undefined;
  // Of an export, what is none is told now.
  if (!feed.live) await feed.header();
  const page = await readPage();
  const server = await listening(checked);
  const figures = measured && (await figuresOf(measured));
  const port = portOf(server);
  const { host, token, logger } = checked;
  const guard = new Guard(host, hostname(), port, token);
  const streams = new Streams(feed, performer !== undefined, logger);
  const served = { guard, page, streams, performer, figures, logger };
  server.on("request", (request, response) => void handle(served, request, response));
  return new RunningInspector(server, streams, figures, port, urlOf(host, port, token));
}

class RunningInspector implements Inspector {
  private closed: Promise<void> | undefined = undefined;

  constructor(
    private readonly server: Server,
    private readonly streams: Streams,
    private readonly figures: Figures | undefined,
    readonly port: number,
    readonly url: string,
  ) {}

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async end(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.streams.close();
    this.figures?.[Symbol.dispose]();
    this.server.closeAllConnections();
    await closed;
  }
}

/** @throws InvalidOptionError */
function coordinatorOf(source: Coordinator | HistorySource, option: string): Coordinator {
  if (source instanceof Coordinator) return source;
  throw new InvalidOptionError(
    option,
    `${option} needs a coordinator: an export is the past, which nobody can change or measure. Leave it out.`,
  );
}

async function listening({ port, host }: CheckedOptions): Promise<Server> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw cannotListen(code, host, port);
  }
  return server;
}

function cannotListen(code: string, host: string, port: number): InvalidOptionError {
  switch (code) {
    case "EADDRINUSE":
      return new InvalidOptionError(
        "port",
        `port ${port} of ${host} is in use. Choose another, or 0 for any that is free.`,
      );
    case "EACCES":
      return new InvalidOptionError(
        "port",
        `port ${port} needs more rights. Choose one above 1023.`,
      );
  }
  return new InvalidOptionError(
    "host",
    `nothing can listen on ${host}: ${code}. Give an address of this computer, or 0.0.0.0 for all that it has.`,
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

/** A server that listens everywhere listens here as well. */
function urlOf(host: string, port: number, token: string | undefined): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const name = reachable.includes(":") ? `[${reachable}]` : reachable;
  return `http://${name}:${port}/${token === undefined ? "" : `#token=${token}`}`;
}
