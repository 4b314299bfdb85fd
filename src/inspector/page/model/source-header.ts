/** The first message of the server, which is the header of an export with some members more. */

import { isObject, parseJson } from "../../../core/json.js";
import { type HistoryHeader, parseHeader } from "../../../history/line.js";

export interface SourceHeader extends HistoryHeader {
  readonly source: "redis" | "memory" | "file";
  /** Of what is shown: a namespace, a file. */
  readonly name: string;
  /** More will come. */
  readonly live: boolean;
  /** Revoking and resizing are allowed. */
  readonly actions: boolean;
  /** It goes on where the page was; else all begins anew. */
  readonly resumed: boolean;
}

/** @throws HistoryError if the text begins no history, or one of a version that is not known here. */
export function parseSourceHeader(text: string): SourceHeader {
  const header = parseHeader(text);
  const value = parseJson(text);
  const { source, name, live, actions, resumed } = isObject(value) ? value : {};
  return {
    ...header,
    source: source === "redis" || source === "memory" ? source : "file",
    name: typeof name === "string" ? name : (header.namespace ?? ""),
    live: live === true,
    actions: actions === true,
    resumed: resumed === true,
  };
}
