/** Answers of the inspector: the headers that each has, and what a refusal looks like. */

import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Refusal } from "./refusal.js";

/** The page runs its own files, talks to its own server, and is shown in no other page. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const EVERY_ANSWER = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
};

/** @param headers over `Cache-Control: no-store` */
export function begin(
  response: ServerResponse,
  status: number,
  type: string,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    ...EVERY_ANSWER,
    "Cache-Control": "no-store",
    "Content-Type": type,
    ...headers,
  });
}

export function answer(response: ServerResponse, status: number, body: object, headers = {}): void {
  const text = `${JSON.stringify(body)}\n`;
  const length = { "Content-Length": Buffer.byteLength(text) };
  begin(response, status, "application/json", { ...length, ...headers });
  response.end(text);
}

/** Errors that are no refusal are not told: who asks could learn what is none of his business. */
export function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, code, message, headers } =
    error instanceof Refusal
      ? error
      : new Refusal(500, "INTERNAL", "something went wrong. The log of the inspector says what.");
  answer(response, status, { error: { code, message } }, headers);
}
