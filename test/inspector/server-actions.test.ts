/** What a page may do where that is allowed, and that it may do nothing where it is not. */

import { describe, expect, test } from "vitest";
import type { Logger } from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { all } from "../contract/backend.js";
import { ask, inspectorOf, Listener, refusal, tokenOf } from "./server-support.js";

async function given() {
  const coordinator = new TestCoordinator();
  const told: { details: object; message: string }[] = [];
  const tell = (details: object, message: string) => void told.push({ details, message });
  const logger: Logger = { debug: () => {}, info: tell, warn: tell, error: tell };
  const inspector = await inspectorOf(coordinator, { allowActions: true, logger });
  const token = tokenOf(inspector);
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const asked = (body: unknown, more = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return { method: "POST", body: text, headers: { ...headers, ...more } };
  };
  return {
    coordinator,
    told,
    semaphore: coordinator.semaphore({ name: "api", value: 1 }),
    post: (path: string, body: unknown) => ask(inspector, path, asked(body)),
    refused: (path: string, body: unknown, more = {}) =>
      refusal(inspector, path, asked(body, more)),
    token,
    inspector,
    headers,
  };
}

describe("revoke", () => {
  test("tells the holder, and by force takes the slot at once", async () => {
    const { semaphore, post } = await given();
    const slot = await semaphore.acquire();
    const { status, text } = await post("/api/revoke", { id: slot.id, by: "Ada" });
    expect({ status, body: JSON.parse(text) }).toEqual({ status: 200, body: { done: true } });
    expect(slot.signal.aborted).toBe(true);
    const [, , revoked] = await all(slot.history());
    expect(revoked).toMatchObject({ type: "revoked", operator: "Ada" });

    const other = await semaphore.acquire();
    expect(
      JSON.parse((await post("/api/revoke", { id: other.id, force: true, by: "Ada" })).text),
    ).toEqual({
      done: true,
    });
    expect(
      JSON.parse((await post("/api/revoke", { id: other.id, force: true, by: "Ada" })).text),
    ).toEqual({
      done: false,
    });
    expect(await semaphore.locked()).toBe(false);
  });
});

describe("resize", () => {
  test("changes how many slots there are, which the page sees", async () => {
    const { coordinator, semaphore, post, inspector, headers, told } = await given();
    await semaphore.acquire();
    const listener = await Listener.open(inspector, "/api/history", headers);
    expect(
      JSON.parse((await post("/api/resize", { semaphore: "api", value: 3, by: " Ada " })).text),
    ).toEqual({ done: true });
    await listener.until(() => listener.text.includes('"type":"resized"'));
    expect(listener.headers).toMatchObject([{ actions: true }]);
    expect((await coordinator.stats()).get("api")).toMatchObject({ maxSlots: 3 });
    expect(
      JSON.parse((await post("/api/resize", { semaphore: "api", value: 3, by: "Ada" })).text),
    ).toEqual({
      done: false,
    });
    expect(told[0]).toEqual({
      details: { semaphore: "api", value: 3, by: "Ada", done: true },
      message: "resize, by the inspector",
    });
  });
});

describe("a body that cannot be", () => {
  test.each([
    ["/api/revoke", {}, "id must be a string"],
    ["/api/revoke", { id: 7 }, "id must be a string"],
    ["/api/revoke", { id: "x", force: "yes" }, "force must be true or false"],
    ["/api/revoke", { id: "x", forced: true }, "it may have id, force, by and nothing else"],
    ["/api/revoke", { id: "x", by: "a\nb" }, "by must say who does it"],
    ["/api/revoke", { id: "x", by: "a".repeat(101) }, "by must say who does it"],
    ["/api/revoke", { id: "x", by: { name: "Ada" } }, "by must say who does it"],
    ["/api/revoke", { id: "x" }, "by must say who does it"],
    ["/api/resize", { semaphore: "api", value: 1, by: " " }, "by must say who does it"],
    ["/api/resize", { semaphore: "api" }, "value must be a number"],
    ["/api/resize", { value: 1 }, "semaphore must be a string"],
    ["/api/resize", [], "it may have|must be a"],
    ["/api/resize", "null", "the body must be a JSON object"],
    ["/api/resize", "{", "the body must be a JSON object"],
    ["/api/resize", "", "the body must be a JSON object"],
  ])("%s %j: %s", async (path, body, message) => {
    const { refused } = await given();
    const { status, code, message: said } = await refused(path, body);
    expect({ status, code }).toEqual({ status: 400, code: "WRONG_BODY" });
    expect(said).toMatch(new RegExp(message));
  });

  test("for the semaphore is told in its own words", async () => {
    const { refused } = await given();
    expect(await refused("/api/resize", { semaphore: "api", value: -1, by: "Ada" })).toMatchObject({
      status: 400,
      code: "INVALID_OPTION",
      message: expect.stringContaining("value must be a whole number from 0"),
    });
    expect(await refused("/api/revoke", { id: "", by: "Ada" })).toMatchObject({ status: 400 });
  });

  test("is not JSON, or does not say so: a form of another page could send that", async () => {
    const { refused } = await given();
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/jsonp",
      "",
    ]) {
      const answer = await refused("/api/revoke", { id: "x" }, { "Content-Type": type });
      expect(answer).toMatchObject({ status: 415, code: "NOT_JSON" });
    }
  });

  test("is too large, whether it says so or not", async () => {
    const { refused, post } = await given();
    const body = JSON.stringify({ id: "x", by: "y".repeat(4_096) });
    expect(await refused("/api/revoke", body)).toMatchObject({ status: 413, code: "TOO_LARGE" });
    const unsaid = await refused("/api/revoke", body, { "Transfer-Encoding": "chunked" });
    expect(unsaid).toMatchObject({ status: 413, code: "TOO_LARGE" });
    const most = JSON.stringify({ id: "x", by: "Ada" }).padEnd(4_096);
    expect((await post("/api/revoke", most)).status).toBe(200);
  });
});

test("nothing is done without the flag, with whatever token", async () => {
  const coordinator = new TestCoordinator();
  const slot = await coordinator.semaphore({ name: "api", value: 1 }).acquire();
  const inspector = await inspectorOf(coordinator, { token: "0123456789abcdef" });
  const headers = { Authorization: "Bearer 0123456789abcdef", "Content-Type": "application/json" };
  for (const [path, body] of [
    ["/api/revoke", { id: slot.id, force: true }],
    ["/api/resize", { semaphore: "api", value: 2 }],
  ] as const) {
    const refused = await refusal(inspector, path, {
      method: "POST",
      body: JSON.stringify(body),
      headers,
    });
    expect(refused).toMatchObject({ status: 403, code: "ACTIONS_NOT_ALLOWED" });
  }
  expect(slot.signal.aborted).toBe(false);
});

test("nothing is done after the coordinator was closed, and that is told", async () => {
  const { coordinator, refused } = await given();
  await coordinator.close();
  expect(await refused("/api/revoke", { id: "x", by: "Ada" })).toMatchObject({
    status: 503,
    code: "CLOSED",
  });
});
