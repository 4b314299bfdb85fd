import { expect, test } from "vitest";
import { commandFor } from "../../src/cli/run/placeholder.js";

test.each([
  ["where it is", ["cp", "{}", "/backup"], ["cp", "a.txt", "/backup"]],
  ["inside an argument", ["cp", "{}", "out/{}.bak"], ["cp", "a.txt", "out/a.txt.bak"]],
  ["more than once in an argument", ["echo", "{}={}"], ["echo", "a.txt=a.txt"]],
  ["as the command itself", ["{}", "-v"], ["a.txt", "-v"]],
  ["at the end, where there is none", ["gzip", "-9"], ["gzip", "-9", "a.txt"]],
])("the line takes the place of {} %s", (_where, command, expected) => {
  expect(commandFor("a.txt", command)).toEqual(expected);
});

test.each(["$& $1 $$", "{}", "a b  c", "$(rm -rf /); *", "-x"])(
  "the line %j stays as it is, in one argument",
  (line) => {
    expect(commandFor(line, ["echo", "<{}>"])).toEqual(["echo", `<${line}>`]);
    expect(commandFor(line, ["echo"])).toEqual(["echo", line]);
  },
);
