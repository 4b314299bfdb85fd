/** All pages that look on: a stream of events to each, until it goes or the inspector is closed. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { isWhole } from "../decode.js";
import { type Logger, log } from "../session/logger.js";
import { begin } from "./answers.js";
import { EventStream } from "./event-stream.js";
import type { Feed } from "./feed.js";
import type { Place } from "./place.js";
import { Reading } from "./reading.js";
import { Refusal } from "./refusal.js";

const BEAT_MS = 1_000;

export class Streams {
  private readonly closing = new AbortController();

  /** @param actions whether the pages may offer them */
  constructor(
    private readonly feed: Feed,
    private readonly actions: boolean,
    private readonly logger: Logger | undefined,
  ) {}

  /** Resolves when the page has gone, or has read all that there will be. @throws Refusal */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const after = placeAskedFor(request);
    begin(response, 200, "text/event-stream; charset=utf-8", { "X-Accel-Buffering": "no" });
    response.flushHeaders();
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.closing.signal]);
    const stream = new EventStream(response);
    const reading = new Reading(this.feed, stream, this.actions, (error) => this.complain(error));
    const beats = setInterval(() => void reading.beat(), BEAT_MS);
    log(this.logger, "debug", { after: after?.seq }, "a page looks on");
    try {
      await reading.run(after, signal);
      stream.end();
    } finally {
      clearInterval(beats);
      log(this.logger, "debug", {}, "a page has gone");
    }
  }

  close(): void {
    this.closing.abort();
  }

  /** What it says, but not the error itself: ioredis adds what was sent, which may be a password. */
  private complain(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    log(this.logger, "warn", { reason }, "the inspector cannot read the history");
  }
}

/** @throws Refusal if it is none. */
function placeAskedFor({ headers, url = "" }: IncomingMessage): Place | undefined {
  const { searchParams } = new URL(url, "http://inspector");
  const text = headers["last-event-id"] ?? searchParams.get("after") ?? undefined;
  if (text === undefined || text === "") return undefined;
  const seq = /^\d+$/.test(String(text)) ? Number(text) : undefined;
  if (!isWhole(seq)) {
    throw new Refusal(400, "WRONG_PLACE", "after, or Last-Event-ID, must be the seq of an event.");
  }
  const hash = searchParams.get("hash") ?? undefined;
  if (hash !== undefined && !/^[\da-f]{64}$/.test(hash)) {
    throw new Refusal(400, "WRONG_PLACE", "hash must be that of an entry, 64 hexadecimal digits.");
  }
  return seq === 0 ? undefined : { seq, hash };
}
