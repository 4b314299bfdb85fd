/** How messages are kept in the hash `told`: each in a field of its own, and per session a list of them. */

import type { Commit, MessageId } from "../ports.js";
import type { Life } from "./life.js";
import { listOf, textOrNone } from "./replies.js";

/** Neither a session's name nor a number has a line feed. */
const SEPARATOR = "\n";
/** Sessions a page. */
const PAGE = 1_000;

/** What a commit changes besides the new messages themselves. */
export function toldChanges(messages: Commit["messages"]): Map<string, string | undefined> {
  const changes = new Map<string, string | undefined>();
  for (const [session, { kept, dropped }] of messages) {
    changes.set(session, kept.length > 0 ? kept.join(" ") : undefined);
    for (const id of dropped) changes.set(`${session}${SEPARATOR}${id}`, undefined);
  }
  return changes;
}

/** Which messages are kept for these sessions. The messages themselves stay where they are. */
export async function loadTold(
  life: Life,
  key: string,
  sessions: readonly string[],
): Promise<Map<string, MessageId[]>> {
  const told = new Map<string, MessageId[]>();
  for (let first = 0; first < sessions.length; first += PAGE) {
    const page = sessions.slice(first, first + PAGE);
    const lists = listOf(await life.call("HMGET", [key, ...page])).map(textOrNone);
    page.forEach((session, index) => {
      const list = lists[index];
      if (list !== undefined) told.set(session, list.split(" "));
    });
  }
  return told;
}
