/** The list of checkpoints in `meta`, as text and back. */

import { parseJson } from "../core/json.js";
import { isWhole } from "../decode.js";
import { ProtocolError } from "../errors.js";
import type { Checkpoint } from "../ports.js";

export function checkpointsText(checkpoints: readonly Checkpoint[]): string {
  return JSON.stringify(checkpoints.map(({ id, seq, at }) => [id, seq, at]));
}

/** @throws ProtocolError if it is no such list. */
export function checkpointsOf(text: string, key: string): Checkpoint[] {
  const rows = parseJson(text);
  if (!Array.isArray(rows)) throw strange(key, text);
  return rows.map((row: unknown) => {
    const [id, seq, at] = Array.isArray(row) ? row : [];
    if (typeof id !== "string" || !isWhole(seq) || !Number.isSafeInteger(at)) {
      throw strange(key, text);
    }
    return { id, seq, at };
  });
}

function strange(key: string, text: string): ProtocolError {
  return new ProtocolError(
    `${key} in Redis has ${JSON.stringify(text.slice(0, 100))} as its checkpoints, which is no list that slotstream wrote. ` +
      "Somebody else may have written to its keys; or another version of slotstream did.",
  );
}
