/** How messages are kept in the hash `told`: each in a field of its own, and per session a list of them. */

import type { Commit, MessageId } from "../ports.js";
import type { Life } from "./life.js";
import { scan } from "./scan.js";

/** Neither a session's name nor a number has a line feed. */
const SEPARATOR = "\n";

/** What a commit changes besides the new messages themselves. */
export function toldChanges(messages: Commit["messages"]): Map<string, string | undefined> {
  const changes = new Map<string, string | undefined>();
  for (const [session, { kept, dropped }] of messages) {
    changes.set(session, kept.length > 0 ? kept.join(" ") : undefined);
    for (const id of dropped) changes.set(`${session}${SEPARATOR}${id}`, undefined);
  }
  return changes;
}

/** Which messages are kept for whom. */
export async function loadTold(life: Life, key: string): Promise<Map<string, MessageId[]>> {
  const fields = await scan(life, key, (field, text) =>
    field.includes(SEPARATOR) ? undefined : text.split(" "),
  );
  const told = new Map<string, MessageId[]>();
  for (const [session, ids] of fields) if (ids) told.set(session, ids);
  return told;
}
