/** Revoking and resizing, through the server. */

import { isObject, parseJson } from "../../../core/json.js";
import { authorization, messageOf } from "./live-source.js";

export type Action =
  | { readonly what: "revoke"; readonly id: string; readonly force: boolean }
  | { readonly what: "resize"; readonly semaphore: string; readonly value: number };

/** Says what came of it. Never rejects. */
export async function perform(
  action: Action,
  by: string,
  token: string | undefined,
): Promise<string> {
  const { what, ...body } = action;
  try {
    const response = await fetch(`/api/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...authorization(token) },
      body: JSON.stringify({ ...body, by }),
    });
    if (!response.ok) return `Not done: ${await messageOf(response)}`;
    const answer = parseJson(await response.text());
    const isDone = isObject(answer) && answer.done === true;
    return isDone ? "Done." : "It changed nothing: it had ended, or was so already.";
  } catch (error) {
    return `Not known whether it was done: ${error instanceof Error ? error.message : error}. Look at the history.`;
  }
}
