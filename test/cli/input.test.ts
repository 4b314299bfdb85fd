import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { linesAhead, unreadableInput } from "../../src/cli/run/input.js";
import { lines } from "../../src/cli/run/lines.js";
import { Tally } from "../../src/cli/run/tally.js";

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const read: string[] = [];
  for await (const line of lines(Readable.from(chunks))) read.push(line);
  return read;
}

describe("lines", () => {
  test("end with LF or CRLF, the last one also with the input", async () => {
    expect(await linesOf("a\nb\r\nc")).toEqual(["a", "b", "c"]);
  });

  test("are skipped if they are empty, but not if they are blank", async () => {
    expect(await linesOf("\n\na\n\r\n \n\n")).toEqual(["a", " "]);
  });

  test("may be cut anywhere into chunks", async () => {
    const whole = Buffer.from("größe\r\n日本語\nx\u2028y\n");
    const bytes = [...whole].map((byte) => Buffer.from([byte]));
    expect(await linesOf(...bytes)).toEqual(["größe", "日本語", "x\u2028y"]);
  });

  test("are none if there is no input", async () => {
    expect(await linesOf()).toEqual([]);
  });
});

describe("reading ahead", () => {
  const million = () => {
    const counter = { produced: 0 };
    const source = Readable.from(
      (function* () {
        while (counter.produced < 1_000_000) yield Buffer.from(`${++counter.produced}\n`);
      })(),
    );
    return { counter, source };
  };

  test("shows early how many lines there are", async () => {
    const tally = new Tally();
    const stream = linesAhead(
      Readable.from(["a\nb\n", "c\n"]),
      tally,
      new AbortController().signal,
    );
    const first = await stream[Symbol.asyncIterator]().next();
    expect(first.value).toBe("a");
    await expect.poll(() => tally.readAll).toBe(true);
    expect(tally.read).toBe(3);
  });

  test("is bounded: a million lines are not read at once", async () => {
    const tally = new Tally();
    const { counter, source } = million();
    const stream = linesAhead(source, tally, new AbortController().signal);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await expect.poll(() => stream.readableLength).toBe(10_000);
    expect(tally.read).toBeLessThan(10_010);
    expect(counter.produced).toBeLessThan(10_100);
    expect(tally.readAll).toBe(false);
    await iterator.return?.();
  });

  test("ends when the signal aborts, and closes the input", async () => {
    const input = new Readable({ read() {} });
    const stop = new AbortController();
    const stream = linesAhead(input, new Tally(), stop.signal);
    const next = stream[Symbol.asyncIterator]().next();
    stop.abort();
    await expect(next).rejects.toThrow("aborted");
    expect(input.destroyed).toBe(true);
  });

  test("passes on that the input cannot be read", async () => {
    const input = new Readable({ read: () => input.destroy(new Error("EIO: i/o error, read")) });
    const stream = linesAhead(input, new Tally(), new AbortController().signal);
    const failure = await stream[Symbol.asyncIterator]().next().catch(unreadableInput);
    expect(failure).toMatchObject({
      exitStatus: 66,
      message: "cannot read standard input: EIO: i/o error, read.",
    });
  });
});
