/** Reads an export that was opened, dropped or pasted; also a gzipped one. Needs no server. */

import { LineSplitter } from "../model/event-stream.js";
import { parseSourceHeader } from "../model/source-header.js";
import type { Feed } from "./feed.js";

/** Whatever it says of itself, nothing can be done to it, and it begins anew. */
const OF_A_FILE = { source: "file", live: false, actions: false, resumed: false } as const;

/** Reads it to its end, unless the signal aborts. What is wrong with it is told as the state of the connection. */
export async function readExport(
  blob: Blob,
  name: string,
  feed: Feed,
  signal: AbortSignal,
): Promise<void> {
  feed.connection({ state: "connecting" });
  try {
    const splitter = new LineSplitter();
    const reader = (await textOf(blob)).getReader();
    let isFirst = true;
    const take = (lines: string[]) => {
      const rest = isFirst ? lines.slice(1) : lines;
      if (isFirst && lines[0] !== undefined) {
        feed.begin({ ...parseSourceHeader(lines[0]), ...OF_A_FILE, name });
        isFirst = false;
      }
      feed.receive(rest);
    };
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) break;
      take(splitter.take(value));
      await feed.room();
    }
    const rest = splitter.end();
    if (isFirst && rest.length === 0)
      throw new Error("there is nothing in it. Give what slotstream exported.");
    take(rest);
    feed.connection({ state: "ended" });
  } catch (error) {
    if (signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    feed.connection({ state: "damaged", message: `${name} cannot be read: ${message}` });
  }
}

async function textOf(blob: Blob): Promise<ReadableStream<string>> {
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  const bytes = blob.stream();
  const isZipped = first === 0x1f && second === 0x8b;
  const plain = isZipped ? bytes.pipeThrough(new DecompressionStream("gzip")) : bytes;
  return plain.pipeThrough(new TextDecoderStream());
}
