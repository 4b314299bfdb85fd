/** What can be asked of the inspector, and by whom. A path that is not here does not exist. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Coordinator } from "../index.js";
import { type Logger, log } from "../session/logger.js";
import { ACTIONS, readBody, refusalOf } from "./actions.js";
import { answer, begin, refuse } from "./answers.js";
import type { Figures } from "./figures.js";
import type { Guard } from "./guard.js";
import { notBuilt, type PageFile } from "./page-files.js";
import { Refusal } from "./refusal.js";
import type { Streams } from "./streams.js";

export interface Served {
  readonly guard: Guard;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly streams: Streams;
  /** Who performs actions; `undefined` if they are not allowed. */
  readonly performer: Coordinator | undefined;
  /** What Prometheus asks for; `undefined` if it is not served here. */
  readonly figures: Figures | undefined;
  readonly logger: Logger | undefined;
}

/** An hour would do, but the name of the file says what is in it. */
const FOR_EVER = "public, max-age=31536000, immutable";

/** Never rejects. */
export async function handle(
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    served.guard.admit(request);
    await route(served, request, response);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      const reason = error instanceof Error ? error.message : String(error);
      log(served.logger, "error", { reason }, "the inspector failed to answer");
    }
    refuse(response, error);
  }
}

async function route(
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = ""] = (request.url ?? "").split("?");
  switch (path) {
    case "/api/history":
      allow(request, "GET");
      served.guard.authorise(request);
      return served.streams.serve(request, response);
    case "/api/revoke":
      return act(served, "revoke", request, response);
    case "/api/resize":
      return act(served, "resize", request, response);
    case "/metrics":
    case "/healthz":
      served.guard.authorise(request);
      if (served.figures?.handle(request, response)) return;
      throw notHere();
    default:
      return sendFile(served, path, request, response);
  }
}

function sendFile(
  { page }: Served,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const file = page.get(path);
  if (file === undefined && path !== "/") throw notHere();
  allow(request, "GET", "HEAD");
  if (file === undefined) throw notBuilt();
  const { type, body, isImmutable } = file;
  const caching = isImmutable ? FOR_EVER : "no-cache";
  begin(response, 200, type, { "Content-Length": body.length, "Cache-Control": caching });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function act(
  { guard, performer, logger }: Served,
  name: keyof typeof ACTIONS,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  allow(request, "POST");
  guard.authorise(request);
  if (performer === undefined) {
    throw new Refusal(
      403,
      "ACTIONS_NOT_ALLOWED",
      "this inspector only shows. Start it with --allow-actions (allowActions) to revoke and resize.",
    );
  }
  const { what, by, perform } = ACTIONS[name](await readBody(request));
  let done: boolean;
  try {
    done = await perform(performer);
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
  log(logger, "info", { ...what, by, done }, `${name}, by the inspector`);
  answer(response, 200, { done });
}

function notHere(): Refusal {
  return new Refusal(404, "NOT_FOUND", "there is nothing here. The page of the inspector is at /.");
}

/** @throws Refusal */
function allow({ method = "" }: IncomingMessage, ...methods: readonly string[]): void {
  if (methods.includes(method)) return;
  throw new Refusal(405, "WRONG_METHOD", `only ${methods.join(" and ")} can be asked of it.`, {
    Allow: methods.join(", "),
  });
}
