/** Server-sent events, read from a stream of text: what `EventSource` would do, which can send no token. */

export interface StreamMessage {
  readonly event: string;
  readonly id: string | undefined;
  /** The lines of its data. */
  readonly data: readonly string[];
}

export class EventStreamParser {
  private rest = "";
  private event = "";
  private id: string | undefined = undefined;
  private data: string[] = [];

  /** The messages that are whole with this piece of text. */
  take(text: string): StreamMessage[] {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.line(line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  private line(line: string): StreamMessage[] {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.event = value;
    if (field === "id") this.id = value;
    if (field === "data") this.data.push(value);
    return [];
  }

  private dispatch(): StreamMessage[] {
    const { event, id, data } = this;
    this.event = "";
    this.id = undefined;
    this.data = [];
    return data.length > 0 ? [{ event: event || "message", id, data }] : [];
  }
}

/** Cuts text into lines. */
export class LineSplitter {
  private rest = "";

  take(text: string): string[] {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    return lines;
  }

  /** What stands behind the last line feed. */
  end(): string[] {
    const { rest } = this;
    this.rest = "";
    return rest === "" ? [] : [rest];
  }
}
