/**
 * `/metrics` and `/healthz` over HTTP, for `slotstream reconciler --metrics-port` and `slotstream inspect`. Reads
 * only, and says nothing of URLs or passwords.
 */

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { PrometheusMetrics } from "./prometheus.js";

/** What `/healthz` says: status 200 if it is well, else 503. */
export interface Health {
  readonly isWell: boolean;
  /** In a word, e.g. `leading`. */
  readonly role: string;
}

export interface EndpointSource {
  readonly metrics: PrometheusMetrics;
  health(): Health | Promise<Health>;
}

/** Answers if this is a request for one of the two pages; else returns `false` and has done nothing. Never throws. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface Endpoint {
  /** E.g. `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

export function handlerOf({ metrics, health }: EndpointSource): Handler {
  return (request, response) => {
    const page = pageOf(request);
    if (page === undefined) return false;
    if (request.method !== "GET" && request.method !== "HEAD") {
      send(response, 405, TEXT, "only GET\n", { allow: "GET, HEAD" });
    } else if (page === "/metrics") {
      answer(response, async () => {
        send(response, 200, metrics.contentType, await metrics.render());
      });
    } else {
      answer(response, async () => {
        const { isWell, role } = await health();
        send(response, isWell ? 200 : 503, JSON_TYPE, `${JSON.stringify({ role })}\n`);
      });
    }
    return true;
  };
}

/**
 * Listens, and answers nothing but the two pages; where only this machine can ask, only under its own names. Rejects if it
 * cannot listen there, e.g. with `EADDRINUSE`.
 */
export async function servePrometheus(
  source: EndpointSource,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Endpoint> {
  const handle = handlerOf(source);
  const server = createServer((request, response) => {
    if (isRebound(request)) send(response, 421, TEXT, "nothing is served under this name\n");
    else if (!handle(request, response)) send(response, 404, TEXT, "try /metrics or /healthz\n");
  });
  server.listen(port, host);
  await once(server, "listening");
  return { url: urlOf(server), close: () => close(server) };
}

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";

function pageOf({ url = "" }: IncomingMessage): "/metrics" | "/healthz" | undefined {
  const [path] = url.split("?");
  return path === "/metrics" || path === "/healthz" ? path : undefined;
}

function answer(response: ServerResponse, write: () => Promise<void>): void {
  write().catch(() => send(response, 500, TEXT, "it could not be told\n"));
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) return;
  const headers = { "content-type": type, "x-content-type-options": "nosniff", ...more };
  response.writeHead(status, headers).end(body);
}

/** A page in a browser on this machine can have a name of its own point here, and read what was meant for nobody else. */
function isRebound({ headers, socket }: IncomingMessage): boolean {
  return isLoopback(socket.localAddress) && !isLoopback(nameOf(headers.host));
}

function isLoopback(name = ""): boolean {
  return name === "localhost" || name === "::1" || /^(?:::ffff:)?127(?:\.\d+){3}$/.test(name);
}

/** Without the port, and without the brackets of an IPv6 address. */
function nameOf(host = ""): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1");
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") return "";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
