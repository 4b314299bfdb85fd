/** Who may ask the inspector, by which name, from which page, with which token; and what each answer carries. */

import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { InvalidOptionError } from "../../src/errors.js";
import type { InspectorOptions } from "../../src/inspector/index.js";
import { createInspector } from "../../src/inspector/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { ask, inspectorOf, Listener, refusal, tokenOf } from "./server-support.js";

const inspector = (options: InspectorOptions = {}) => inspectorOf(new TestCoordinator(), options);

const PROTECTION = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

describe("the name by which it is called", () => {
  test("is its own: of this computer, with its port", async () => {
    const opened = await inspector();
    const { port } = opened;
    for (const name of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "127.0.0.2"]) {
      const { status } = await ask(opened, "/nowhere", { headers: { Host: `${name}:${port}` } });
      expect({ name, status }).toEqual({ name, status: 404 });
    }
  });

  test("is no other: a foreign name may have been made to point here", async () => {
    const opened = await inspector();
    const { port } = opened;
    const foreign = [
      ...[`evil.example:${port}`, `localhost.evil.example:${port}`, `127.0.0.1.nip.io:${port}`],
      ...["127.0.0.1", `127.0.0.1:${port + 1}`, `0.0.0.0:${port}`, `user@127.0.0.1:${port}`],
      ...[`192.168.0.1:${port}`],
    ];
    for (const path of ["/", "/api/history", "/api/revoke"]) {
      for (const host of foreign) {
        const refused = await refusal(opened, path, { headers: { Host: host } });
        expect({ host, ...refused }).toMatchObject({ host, status: 421, code: "WRONG_HOST" });
        expect(refused.message).toContain(`127.0.0.1:${port}`);
      }
    }
  });

  test("is said: who names none gets nothing", async () => {
    const { port } = await inspector();
    const socket = connect(port, "127.0.0.1");
    socket.end("GET / HTTP/1.0\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /);
  });

  test("may be any address, but no other name, where it listens everywhere", async () => {
    const opened = await inspector({ host: "0.0.0.0" });
    const status = async (name: string) =>
      (await ask(opened, "/nowhere", { headers: { Host: `${name}:${opened.port}` } })).status;
    expect(await status("192.168.0.1")).toBe(404);
    expect(await status("[2001:db8::1]")).toBe(404);
    expect(await status("localhost")).toBe(404);
    expect(await status("evil.example")).toBe(421);
  });
});

describe("the page from which it is asked", () => {
  test("is its own", async () => {
    const opened = await inspector();
    const headers = { Origin: `http://127.0.0.1:${opened.port}`, "Sec-Fetch-Site": "same-origin" };
    const listener = await Listener.open(opened, "/api/history", headers);
    await listener.until(({ headers: [first] }) => first !== undefined);
  });

  test.each([
    ["another site", { Origin: "https://evil.example" }],
    ["one without a name", { Origin: "null" }],
    ["another server of this computer", { Origin: "http://127.0.0.1:1" }],
    ["one of another name for this computer", { Origin: "http://localhost:1" }],
    ["another site, which names none", { "Sec-Fetch-Site": "cross-site" }],
    ["another server, which names none", { "Sec-Fetch-Site": "same-site" }],
    [
      "a frame",
      { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe" },
    ],
  ])("is not %s", async (_what, headers) => {
    const opened = await inspector({ allowActions: true });
    const authorised = { ...headers, Authorization: `Bearer ${tokenOf(opened)}` };
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/api/history"],
      ["POST", "/api/revoke"],
    ]) {
      const refused = await refusal(opened, path ?? "", {
        method: method ?? "",
        headers: authorised,
      });
      expect(refused).toMatchObject({ status: 403, code: "FOREIGN_PAGE" });
    }
  });

  test("may have a link to the page, but to nothing else", async () => {
    const opened = await inspector();
    const headers = {
      "Sec-Fetch-Site": "cross-site",
      "Sec-Fetch-Mode": "navigate",
      "Sec-Fetch-Dest": "document",
    };
    expect((await ask(opened, "/", { headers })).status).not.toBe(403);
    expect((await ask(opened, "/api/history", { headers })).status).toBe(403);
  });
});

describe("the token", () => {
  const withToken = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

  test("is made where others can reach it, or it can change something, and is 128 bits", async () => {
    const [everywhere, acting] = [
      await inspector({ host: "0.0.0.0" }),
      await inspector({ allowActions: true }),
    ];
    for (const opened of [everywhere, acting]) {
      expect(opened.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{22}$/);
      expect(Buffer.from(tokenOf(opened), "base64url")).toHaveLength(16);
    }
    expect(tokenOf(everywhere)).not.toBe(tokenOf(acting));
    expect((await inspector()).url).toMatch(/:\d+\/$/);
  });

  test("is demanded for the history, and for actions, but not for the page", async () => {
    const opened = await inspector({ host: "0.0.0.0" });
    const token = tokenOf(opened);
    const wrong = [
      {},
      withToken(""),
      withToken(`${token}x`),
      withToken(token.slice(1)),
      withToken(token.toUpperCase()),
    ];
    for (const asked of [...wrong, { headers: { Authorization: `Basic ${token}` } }]) {
      const refused = await refusal(opened, "/api/history", asked);
      expect(refused).toMatchObject({ status: 401, code: "NO_TOKEN" });
      expect(refused.message).not.toContain(token);
      expect(await refusal(opened, "/api/revoke", { ...asked, method: "POST" })).toMatchObject({
        status: 401,
      });
    }
    expect(await refusal(opened, `/api/history?token=${token}`)).toMatchObject({ status: 401 });
    expect((await ask(opened, "/api/history")).headers["www-authenticate"]).toMatch(/^Bearer /);
    expect((await ask(opened, "/")).status).not.toBe(401);
    await Listener.open(opened, "/api/history", withToken(token).headers);
  });

  test("may be given, and counts then wherever it listens", async () => {
    const opened = await inspector({ token: "correct-horse-battery" });
    expect(opened.url).toContain("#token=correct-horse-battery");
    expect(await refusal(opened, "/api/history")).toMatchObject({ status: 401 });
    await Listener.open(opened, "/api/history", withToken("correct-horse-battery").headers);
  });

  test.each(["short", "with spaces in between", "ünïcödé-is-no-token", "x".repeat(257), 7])(
    "cannot be %j, and is not repeated in the error",
    async (token) => {
      const options = { port: 0, token } as InspectorOptions;
      const failed = createInspector(new TestCoordinator(), options);
      await expect(failed).rejects.toThrow(InvalidOptionError);
      await expect(failed).rejects.not.toThrow(String(token));
    },
  );
});

describe("what is asked", () => {
  test.each([
    "/nowhere",
    "/assets/../../package.json",
    "/../package.json",
    "/%2e%2e/package.json",
    "//etc/passwd",
    "/index.html",
    "/api",
    "/api/history/",
    "/assets/",
  ])("%s is not there", async (path) => {
    expect(await refusal(await inspector(), path)).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
    });
  });

  test.each([
    ["POST", "/", "GET, HEAD"],
    ["OPTIONS", "/", "GET, HEAD"],
    ["POST", "/api/history", "GET"],
    ["HEAD", "/api/history", "GET"],
    ["OPTIONS", "/api/history", "GET"],
    ["GET", "/api/revoke", "POST"],
    ["PUT", "/api/resize", "POST"],
    ["DELETE", "/api/resize", "POST"],
  ])("with %s of %s: only %s", async (method, path, allowed) => {
    const { status, headers } = await ask(await inspector(), path, { method });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: allowed });
  });

  test.each([
    "?after=x",
    "?after=-1",
    "?after=1.5",
    "?after=1&hash=abc",
    "?after=99999999999999999999",
  ])("from %s on is refused", async (query) => {
    const refused = await refusal(await inspector(), `/api/history${query}`);
    expect(refused).toMatchObject({ status: 400, code: "WRONG_PLACE" });
  });
});

test("every answer is protected, refused or not, and says nothing of what serves it", async () => {
  const opened = await inspector({ allowActions: true });
  const authorised = { Authorization: `Bearer ${tokenOf(opened)}` };
  const answers = [
    await ask(opened, "/"),
    await ask(opened, "/nowhere"),
    await ask(opened, "/", { headers: { Host: "evil.example" } }),
    await ask(opened, "/api/history"),
    await ask(opened, "/api/revoke", { method: "POST", headers: authorised }),
    await ask(opened, "/api/history", { method: "PUT" }),
  ];
  for (const { headers } of answers) {
    expect(headers).toMatchObject(PROTECTION);
    expect(headers).not.toHaveProperty("access-control-allow-origin");
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("server");
  }
  const listener = await Listener.open(opened, "/api/history", authorised);
  await listener.until(({ headers }) => headers.length === 1);
  expect(listener.text).not.toContain(tokenOf(opened));
});

describe("options that cannot work", () => {
  test.each([
    [{ port: 70_000 }, "port must be at most 65535"],
    [{ port: -1 }, "port must be a whole number"],
    [{ port: 1.5 }, "port must be a whole number"],
    [{ host: "http://localhost" }, "host must be an address or a name"],
    [{ host: "" }, "host must be an address or a name"],
    [{ port: 0, host: "203.0.113.1" }, "nothing can listen on 203.0.113.1: EADDRNOTAVAIL"],
    [{ allowActions: "yes" }, "allowActions must be true or false"],
    [{ allowAction: true }, "Did you mean allowActions?"],
    [{ logger: {} }, "logger must have the methods"],
  ])("%j", async (options, message) => {
    await expect(
      createInspector(new TestCoordinator(), options as InspectorOptions),
    ).rejects.toThrow(message);
  });

  test("a port that is in use", async () => {
    const { port } = await inspector();
    await expect(inspector({ port })).rejects.toThrow(
      `port ${port} of 127.0.0.1 is in use. Choose another`,
    );
  });

  test("neither a coordinator nor an export", async () => {
    for (const source of [undefined, null, "redis://localhost", {}]) {
      await expect(createInspector(source as never)).rejects.toThrow(
        "shows a coordinator, or { name, read }",
      );
    }
  });
});
