/** Splits what is read into lines. */

import { StringDecoder } from "node:string_decoder";

/** The lines that are not empty, without their ends (LF or CRLF); the last one needs none. */
export async function* lines(input: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of input) {
    const parts = (typeof chunk === "string" ? chunk : decoder.write(chunk)).split("\n");
    parts[0] = rest + parts[0];
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const line = withoutReturn(part);
      if (line !== "") yield line;
    }
  }
  const last = withoutReturn(rest + decoder.end());
  if (last !== "") yield last;
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
