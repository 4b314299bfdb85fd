/** The tables of the README name all that there is, and the links lead somewhere. */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import * as exitStatuses from "../../src/cli/exit-status.js";
import type { SemaphoreErrorCode } from "../../src/index.js";
import { ACQUIRE_OPTIONS } from "../../src/semaphore/options.js";
import { CHECKOUT, pages, textOf, UserProject } from "./blocks.js";

const readme = textOf("README.md");

/** What stands in backquotes in the first column of the section's tables, or in the given one. */
function named(section: string, column = 0): string[] {
  const [, text = ""] = readme.split(`\n## ${section}\n`);
  const [own = ""] = text.split("\n## ");
  return own
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .flatMap((line) => line.split("|")[column + 1]?.match(/(?<=`)[^`]+(?=`)/g) ?? []);
}

test("every option of a semaphore is explained, and no other", () => {
  expect(named("Options").sort()).toEqual(
    ["name", "value", "coordinator", ...ACQUIRE_OPTIONS].sort(),
  );
});

test("every error is explained, and no other", () => {
  const codes: Record<SemaphoreErrorCode, true> = {
    ACQUIRE_TIMEOUT: true,
    ACQUISITION_LOST: true,
    ACQUIRE_CANCELLED: true,
    QUEUE_FULL: true,
    VALUE_MISMATCH: true,
    BACKEND_UNAVAILABLE: true,
    PROTOCOL: true,
    INVALID_OPTION: true,
    CLOSED: true,
  };
  const explained = named("Errors", 1).filter((name) => name !== "code");
  expect(explained.sort()).toEqual(Object.keys(codes).sort());
});

test("every option of `slotstream run` is explained, and no other", async () => {
  using project = new UserProject();
  const help = await project.node(join(CHECKOUT, "dist/cli/main.js"), "run", "--help");
  const [options = ""] = help.stdout.split("\nExamples:");
  const offered = new Set(options.match(/^ +(?:-h, )?--[a-z-]+(?: <\w+>)?/gm)?.map(withoutShort));
  offered.delete("--help");
  expect(named("On the command line").sort()).toEqual([...offered].sort());
});

test("every exit status is explained", () => {
  const [, explained = ""] = readme.split("| exit status |");
  for (const status of Object.values(exitStatuses)) {
    if (typeof status === "number")
      expect(explained).toMatch(new RegExp(`^\\|.*\\b${status}`, "m"));
  }
});

describe("links", () => {
  test.each(pages())("of %s", (page) => {
    const links = [...textOf(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, to = ""]) => to);
    const local = links.filter((to) => !to.startsWith("https://"));
    const broken = local.filter((to) => !existsSync(join(CHECKOUT, dirname(page), to)));
    expect(broken).toEqual([]);
  });
});

test("the names of files in the text are right", () => {
  const wrong = pages().flatMap((page) =>
    [...textOf(page).matchAll(/`((?:src|test|docs)\/[\w/.-]+)`/g)]
      .map(([, path = ""]) => path)
      .filter((path) => !existsSync(join(CHECKOUT, path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(wrong).toEqual([]);
});

function withoutShort(option: string): string {
  return option.trim().replace("-h, ", "");
}
