/** However many instances start, one migrates; and one that was paused cannot write after its successor. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../examples/migration/database.js";
import { temporaryFolder } from "../cli/support.js";
import { coordinatorOn, example, linesOf, startExample, testServer } from "./support.js";

const STATEMENTS = [
  "create table users",
  "create table orders",
  "create index orders_by_user",
  "add column users.email",
];

const newFile = () => join(temporaryFolder(), "database.jsonl");

test("of five that start at once, one migrates and four find it done", async () => {
  const server = await testServer();
  const file = newFile();

  const instances = Array.from({ length: 5 }, () => example("migration.js", [file], server));
  const lastLines = (await Promise.all(instances)).map((ended) => linesOf(ended).at(-1));
  expect(lastLines.sort()).toEqual([
    "migrated: 4 statements",
    ...Array(4).fill("was migrated already"),
  ]);

  const entries = entriesOf(file);
  expect(entries.map(({ statement }) => statement)).toEqual(STATEMENTS);
  expect(new Set(entries.map(({ pid }) => pid)).size).toBe(1);
  expect(new Set(entries.map(({ token }) => token)).size).toBe(1);
});

test("one that is paused in the middle is replaced, and writes nothing that counts when it wakes", async () => {
  const server = await testServer();
  const file = newFile();

  const paused = startExample("migration.js", [file], server);
  await paused.said(/executed: create table users/);
  paused.child.kill("SIGSTOP");
  const coordinator = coordinatorOn(server);
  const [holder] = await coordinator.holders(`migration:${file}`);
  const next = startExample("migration.js", [file], server);
  expect(await coordinator.revoke(holder?.id ?? "", { force: true })).toBe(true);

  expect(linesOf(await next.ended()).at(-1)).toMatch(/^migrated: [1-3] statements$/);
  paused.child.kill("SIGCONT");
  expect((await paused.ended()).status).toBe(1);
  expect(new Database(file).statements()).toEqual(STATEMENTS);
});

test("the database refuses who comes too late", () => {
  const database = new Database(newFile());
  database.execute("first", 7);
  database.execute("second", 8);
  expect(() => database.execute("late", 7)).toThrow("refused: token 7 is lower than 8");
  expect(database.statements()).toEqual(["first", "second"]);
});

function entriesOf(file: string): { statement: string; token: number; pid: number }[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}
