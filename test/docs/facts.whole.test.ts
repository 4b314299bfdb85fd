/** The tables of the README name all that there is, and the links lead somewhere. */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as exitStatuses from "../../src/cli/exit-status.js";
import { InvalidOptionError, type LossReason, type SemaphoreErrorCode } from "../../src/index.js";
import { ACL_EXAMPLE } from "../../src/redis/failures.js";
import { ACQUIRE_OPTIONS } from "../../src/semaphore/options.js";
import { checkRedis } from "../../src/semaphore/redis-config.js";
import { blocksOf, CHECKOUT, pages, textOf, UserProject } from "./blocks.js";
import { aclLine } from "./permissions.js";

const readme = textOf("README.md");

/** What stands in backquotes in the first column of the section's tables, or in the given one. */
function named(section: string, column = 0, page = readme): string[] {
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const [own = ""] = text.split("\n## ");
  return own
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .flatMap((line) => [...(line.split("|")[column + 1] ?? "").matchAll(/`([^`]+)`/g)])
    .map(([, name = ""]) => name);
}

test("every option of a semaphore is explained, and no other", () => {
  expect(named("Options").sort()).toEqual(
    ["name", "value", "redis", "coordinator", ...ACQUIRE_OPTIONS].sort(),
  );
});

test("everything that `redis` may say is explained, and nothing else", () => {
  const explained = named("Connections", 0, textOf("docs/guides/redis.md"));
  expect(explained.filter((name) => name !== "redis").sort()).toEqual(redisOptions().sort());
});

test("the permissions are those that errors ask for", () => {
  expect(aclLine()).toBe(ACL_EXAMPLE);
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
    HISTORY: true,
    CLOSED: true,
  };
  const explained = named("Errors", 1).filter((name) => name !== "code");
  expect(explained.sort()).toEqual(Object.keys(codes).sort());
});

test("every reason for a loss is named", () => {
  const reasons: Record<LossReason, true> = {
    ttl: true,
    heartbeat: true,
    revoked: true,
    closed: true,
    forgotten: true,
    superseded: true,
  };
  const explained = named("Errors", 2).filter((name) => name in reasons);
  expect(explained.sort()).toEqual(Object.keys(reasons).sort());
});

describe("the command line", () => {
  const project = new UserProject();
  afterAll(() => project[Symbol.dispose]());

  const help = async (...command: string[]) =>
    (await project.node(join(CHECKOUT, "dist/cli/main.js"), ...command, "--help")).stdout;
  const explained = named("On the command line");

  test("every option of `slotstream run` is explained, and no other", async () => {
    const options = explained.filter((name) => name.startsWith("--"));
    expect(options.sort()).toEqual(optionsIn(await help("run")).sort());
  });

  test("every command is explained, and no other, with the options that it has", async () => {
    const commands = explained.flatMap((name) => /^slotstream (\w+)/.exec(name)?.[1] ?? []);
    const offered = [...(await help()).matchAll(/^ {2}([a-z]+) /gm)].map(([, name = ""]) => name);
    expect(["run", ...commands]).toEqual(offered);
    for (const command of commands) {
      const options = optionsIn(await help(command)).map((option) => option.split(" ")[0]);
      const missing = options.filter((option) => !new RegExp(`\`${option}[ \`]`).test(readme));
      expect({ command, missing }).toEqual({ command, missing: [] });
    }
  });

  test("every command in the shell blocks has the options that it is given", async () => {
    const blocks = pages().flatMap(blocksOf);
    const lines = blocks
      .filter(({ language }) => language === "sh")
      .flatMap(({ code }) => code.match(/^slotstream .*$/gm) ?? []);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      const [, command = ""] = line.split(" ");
      const [own = ""] = line.split(" -- ");
      const offered = optionsIn(await help(command)).map((option) => option.split(" ")[0]);
      const given = own.match(/--[a-z-]+/g) ?? [];
      expect({ line, unknown: given.filter((option) => !offered.includes(option)) }).toEqual({
        line,
        unknown: [],
      });
    }
  });
});

test("every exit status is explained", () => {
  const [, table = ""] = readme.split("| exit status |");
  const [explained = ""] = table.split("\n## ");
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

  test.each(pages())("to sections, of %s", (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https:)([^)#]*)#([^)]+)\)/g)];
    const broken = links.filter(([, to = "", section = ""]) => {
      const target = to === "" ? page : join(dirname(page), to);
      return !sectionsOf(target).includes(section);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

test("the names of files in the text are right", () => {
  const wrong = pages().flatMap((page) =>
    [...textOf(page).matchAll(/`((?:src|test|docs|examples)\/[\w/.-]+)`/g)]
      .map(([, path = ""]) => path)
      .filter((path) => !existsSync(join(CHECKOUT, path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(wrong).toEqual([]);
});

/** The options that a help text offers, but for `--help`. */
function optionsIn(help: string): string[] {
  const [options = ""] = help.split("\nExample");
  const found = options.match(/^ +(?:-h, )?--[a-z-]+(?: <\w+>)?/gm) ?? [];
  return [...new Set(found.map(withoutShort))].filter((option) => option !== "--help");
}

function withoutShort(option: string): string {
  return option.trim().replace("-h, ", "");
}

/** As the error for a misspelt one lists them. */
function redisOptions(): string[] {
  const wrong: object = { misspelt: 1 };
  try {
    checkRedis(wrong);
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    const [, list = ""] = /There are: (.*)\.$/.exec(error.message) ?? [];
    return list.split(", ");
  }
  return [];
}

/** The sections of a page, as links name them. */
function sectionsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}
