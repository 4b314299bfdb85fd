import { expect, test } from "vitest";
import { type Column, printable, table } from "../../src/cli/table.js";

interface City {
  readonly name: string;
  readonly people: number;
}

const COLUMNS: readonly Column<City>[] = [
  { title: "NAME", cell: ({ name }) => name },
  { title: "PEOPLE", align: "right", cell: ({ people }) => String(people) },
  { title: "NOTE", cell: ({ people }) => (people > 10 ? "large" : "") },
];

const lines = (...rows: City[]) => table(rows, COLUMNS).split("\n");

test("columns are as wide as what is widest in them, and lines end without spaces", () => {
  expect(lines({ name: "Oslo", people: 7 }, { name: "Wellington", people: 1_234_567 })).toEqual([
    "NAME         PEOPLE  NOTE",
    "Oslo              7",
    "Wellington  1234567  large",
    "",
  ]);
});

test("what takes two places on a terminal counts twice", () => {
  expect(lines({ name: "東京", people: 1 }, { name: "🐢", people: 2 })).toEqual([
    "NAME  PEOPLE  NOTE",
    "東京       1",
    "🐢         2",
    "",
  ]);
});

test("without rows there are titles", () => {
  expect(lines()).toEqual(["NAME  PEOPLE  NOTE", ""]);
});

test("what others wrote cannot move the cursor, end the line or turn it round", () => {
  expect(printable("a\u001b[2Jb\nc\u202ed\u2028e\u0085")).toBe(
    "a\\u001b[2Jb\\u000ac\\u202ed\\u2028e\\u0085",
  );
  expect(lines({ name: "x\ny", people: 1 })).toHaveLength(3);
  expect(printable("Zürich 👩‍🔧")).toBe("Zürich 👩‍🔧");
});
