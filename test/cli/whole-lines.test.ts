import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { passOnLines } from "../../src/cli/run/whole-lines.js";

const MEGABYTE = 1024 * 1024;

function collector() {
  const written: Buffer[] = [];
  const write = async (bytes: Buffer) => {
    written.push(bytes);
    return true;
  };
  return { write, written, text: () => Buffer.concat(written).toString() };
}

test("lines of two commands never mix, however they are written", async () => {
  const [a, b] = [new PassThrough(), new PassThrough()];
  const { write, text } = collector();
  const done = Promise.all([passOnLines(a, write), passOnLines(b, write)]);
  for (const part of ["one ", "line of ", "a\nand ano", "ther\n"]) {
    a.write(part);
    b.write(part.toUpperCase());
    await new Promise(setImmediate);
  }
  a.end();
  b.end();
  await done;
  const lines = text().split("\n");
  expect(lines.filter((line) => line === line.toLowerCase())).toEqual([
    "one line of a",
    "and another",
    "",
  ]);
  expect(lines.filter((line) => line !== line.toLowerCase())).toEqual([
    "ONE LINE OF A",
    "AND ANOTHER",
  ]);
});

test("a last line without an end gets one", async () => {
  const output = new PassThrough();
  const { write, text } = collector();
  output.end("first\nlast");
  await passOnLines(output, write);
  expect(text()).toBe("first\nlast\n");
});

test("bytes that are no text stay as they are", async () => {
  const output = new PassThrough();
  const { write, written } = collector();
  const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x0a, 0x28, 0x0d, 0x0a]);
  for (const byte of bytes) output.write(Buffer.from([byte]));
  output.end();
  await passOnLines(output, write);
  expect(Buffer.concat(written)).toEqual(bytes);
});

test("a line without an end doesn't fill the memory", async () => {
  const output = new PassThrough();
  const { write, written } = collector();
  const done = passOnLines(output, write);
  for (let i = 0; i < 40; i++) {
    if (!output.write(Buffer.alloc(MEGABYTE, "x")))
      await new Promise((drained) => output.once("drain", drained));
  }
  output.end();
  await done;
  expect(written.map(({ length }) => length)).toEqual([
    16 * MEGABYTE,
    16 * MEGABYTE,
    8 * MEGABYTE + 1,
  ]);
});

test("when nobody reads it any more, the pipe is closed", async () => {
  const output = new PassThrough();
  output.write("a\n");
  await passOnLines(output, async () => false);
  expect(output.destroyed).toBe(true);
});

test("what was written before a pipe broke is passed on", async () => {
  const output = new PassThrough();
  const { write, text } = collector();
  const done = passOnLines(output, write);
  output.write("last words");
  await new Promise(setImmediate);
  output.destroy();
  await done;
  expect(text()).toBe("last words\n");
});

test("a command without a pipe has nothing to pass on", async () => {
  await passOnLines(null, async () => true);
});
