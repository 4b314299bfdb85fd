/** What the tests of the inspector's server are written in: real requests, and a page that only listens. */

import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { onTestFinished } from "vitest";
import { entryLine, headerLine } from "../../src/history/line.js";
import { type Coordinator, type Replayed, readHistory, replay } from "../../src/index.js";
import {
  createInspector,
  type HistorySource,
  type Inspector,
  type InspectorOptions,
} from "../../src/inspector/index.js";

/** On any free port; closed after the test. */
export async function inspectorOf(
  source: Coordinator | HistorySource,
  options: InspectorOptions = {},
): Promise<Inspector> {
  const inspector = await createInspector(source, { port: 0, ...options });
  onTestFinished(() => inspector.close());
  return inspector;
}

/** An export as it is now. */
export async function exported(coordinator: Coordinator): Promise<string[]> {
  const lines = [];
  for await (const line of coordinator.export()) lines.push(line);
  return lines;
}

export function sourceOf(lines: readonly string[], name = "incident.jsonl"): HistorySource {
  return { name, read: () => readHistory(lines) };
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends exactly this path, and these headers. */
export async function send(
  { port }: Pick<Inspector, "port">,
  path: string,
  { method = "GET", headers = {}, body }: Asked = {},
): Promise<IncomingMessage> {
  const asking = request({ host: "127.0.0.1", port, path, method, headers, agent: false });
  asking.end(body);
  const [response]: IncomingMessage[] = await once(asking, "response");
  if (!response) throw new Error("there is no answer");
  return response;
}

export async function ask(
  inspector: Pick<Inspector, "port">,
  path: string,
  asked: Asked = {},
): Promise<Answer> {
  const response = await send(inspector, path, asked);
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** What a refusal says, with its status. */
export async function refusal(
  inspector: Pick<Inspector, "port">,
  path: string,
  asked: Asked = {},
): Promise<{ status: number; code: string; message: string }> {
  const { status, text } = await ask(inspector, path, asked);
  const { code, message } = JSON.parse(text).error;
  return { status, code, message };
}

export function tokenOf({ url }: Inspector): string {
  const [, token] = url.split("#token=");
  if (token === undefined) throw new Error(`${url} has no token`);
  return token;
}

export interface Message {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: readonly string[];
}

/** A page that keeps all that it is told. */
export class Listener {
  readonly messages: Message[] = [];
  /** All that came, as it came. */
  text = "";
  /** The stream has ended, for whatever reason. */
  hasEnded = false;
  private rest = "";
  private readonly waiting = new Set<() => void>();

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => this.take(chunk));
    const end = () => {
      this.hasEnded = true;
      for (const check of this.waiting) check();
    };
    response.on("error", end);
    response.on("close", end);
  }

  static async open(
    inspector: Pick<Inspector, "port">,
    path = "/api/history",
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Listener> {
    const response = await send(inspector, path, { headers });
    if (response.statusCode !== 200) throw new Error(`refused with ${response.statusCode}`);
    const listener = new Listener(response);
    onTestFinished(() => listener.leave());
    return listener;
  }

  leave(): void {
    this.response.destroy();
  }

  /** Reads no more for now. */
  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  of(event: string): Message[] {
    return this.messages.filter((message) => message.event === event);
  }

  /** The headers that it got, oldest first. */
  get headers() {
    return this.of("header").map(({ data }) => JSON.parse(data.join("\n")));
  }

  /** The entries since the last header that made it forget what it had. */
  get lines(): string[] {
    const begin = this.messages.findLastIndex(
      ({ event, data }) => event === "header" && JSON.parse(data.join("\n")).resumed === false,
    );
    return this.messages
      .slice(Math.max(0, begin))
      .filter(({ event }) => event === "entries")
      .flatMap(({ data }) => data);
  }

  /** `seq` of each event, in the order in which they came. */
  get seqs(): number[] {
    return this.lines.flatMap((line) => JSON.parse(line).events).map(({ seq }) => seq);
  }

  get lastId(): string {
    return this.messages.findLast(({ event }) => event === "entries")?.id ?? "";
  }

  /** The state that it can tell, of these entries and of those that it had before. */
  async state(before: readonly string[] = []): Promise<Replayed> {
    const read = await readHistory([headerLine({}), ...before, ...this.lines]);
    return replay(read.entries);
  }

  /** Resolves once this is true of what came. */
  until(isSo: (listener: this) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (isSo(this)) resolve();
        else if (this.hasEnded) reject(new Error(`it ended before: ${this.text.slice(-2_000)}`));
        else return;
        this.waiting.delete(check);
      };
      this.waiting.add(check);
      check();
    });
  }

  /** This event has come, and perhaps more. */
  untilSeq(seq: number): Promise<void> {
    return this.until(({ lastId }) => Number(lastId) >= seq);
  }

  private take(chunk: string): void {
    this.text += chunk;
    const parts = (this.rest + chunk).split("\n\n");
    this.rest = parts.pop() ?? "";
    for (const part of parts) {
      const message = parse(part);
      if (message) this.messages.push(message);
    }
    for (const check of [...this.waiting]) check();
  }
}

function parse(text: string): Message | undefined {
  const lines = text.split("\n");
  const all = (field: string) =>
    lines
      .filter((line) => line.startsWith(`${field}: `))
      .map((line) => line.slice(field.length + 2));
  const [event] = all("event");
  return event === undefined ? undefined : { event, id: all("id")[0], data: all("data") };
}

/** Lines of an export that a large program may have written: `count` entries of about `bytes` each. */
export function* longHistory(count: number, bytes: number): Generator<string> {
  yield headerLine({});
  const events = JSON.stringify([{ filling: "x".repeat(bytes) }]);
  const hash = "0".repeat(64);
  for (let seq = 1; seq <= count; seq++) {
    yield entryLine({ seq, epoch: 0, commands: "[]", events, hash });
  }
}
