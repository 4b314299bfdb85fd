/** Reads the history from the server, and goes on where it was whenever the connection ends. */

import { isObject, parseJson } from "../../../core/json.js";
import { EventStreamParser, type StreamMessage } from "../model/event-stream.js";
import { parseSourceHeader } from "../model/source-header.js";
import type { Feed } from "./feed.js";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export class LiveSource {
  private after: string | undefined = undefined;
  /** That of the last entry: with it the server sees whether it is still the same history. */
  private hash: string | undefined = undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private hasEnded = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly feed: Feed,
    private readonly token: string | undefined,
  ) {}

  stop(): void {
    this.stopping.abort();
  }

  /** Ends when there is nothing more to come, or when it is stopped. */
  async run(): Promise<void> {
    const { signal } = this.stopping;
    this.feed.connection({ state: "connecting" });
    while (!this.hasEnded && !signal.aborted) {
      try {
        await this.read(signal);
        if (!this.hasEnded) this.lost("The server ended the connection.");
      } catch (error) {
        if (signal.aborted) return;
        this.lost(error instanceof Error ? error.message : String(error));
      }
      if (!this.hasEnded) await pause(this.pauseMs, signal);
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  private lost(message: string): void {
    this.feed.connection({ state: "lost", message });
  }

  private async read(signal: AbortSignal): Promise<void> {
    const query = this.after === undefined ? "" : `?after=${this.after}${hashQuery(this.hash)}`;
    const headers = authorization(this.token);
    const response = await fetch(`/api/history${query}`, { headers, signal, cache: "no-store" });
    if (response.status === 401 || response.status === 403) {
      this.hasEnded = true;
      this.feed.connection({ state: "refused", message: await messageOf(response) });
      return;
    }
    if (!response.ok || response.body === null) throw new Error(await messageOf(response));
    const parser = new EventStreamParser();
    const texts = response.body.pipeThrough(new TextDecoderStream());
    const reader = texts.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.hasEnded || signal.aborted) return;
      for (const message of parser.take(value)) this.take(message);
      await this.feed.room();
    }
  }

  private take({ event, id, data }: StreamMessage): void {
    switch (event) {
      case "header":
        this.pauseMs = FIRST_PAUSE_MS;
        this.feed.begin(parseSourceHeader(data.join("\n")));
        this.feed.connection({ state: "live" });
        return;
      case "entries":
        this.after = id ?? this.after;
        this.hash = /"hash":"([0-9a-f]{64})"\}$/.exec(data.at(-1) ?? "")?.[1];
        this.feed.receive(data);
        return;
      case "now": {
        const now = parseJson(data.join("\n"));
        if (isObject(now) && typeof now.at === "number") this.feed.now(now.at);
        return;
      }
      case "end":
        this.hasEnded = true;
        this.feed.connection({ state: "ended" });
        return;
      case "trouble": {
        const trouble = parseJson(data.join("\n"));
        const message = isObject(trouble) ? String(trouble.message) : "";
        this.feed.connection({ state: "trouble", message });
        return;
      }
      case "well":
        this.feed.connection({ state: "live" });
    }
  }
}

function hashQuery(hash: string | undefined): string {
  return hash === undefined ? "" : `&hash=${hash}`;
}

export function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** What the server says is wrong. */
export async function messageOf(response: Response): Promise<string> {
  const body = parseJson(await response.text());
  const error = isObject(body) && isObject(body.error) ? body.error : {};
  return typeof error.message === "string"
    ? error.message
    : `The server answered ${response.status} ${response.statusText}.`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
