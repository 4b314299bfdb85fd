/** What the scripts look at before they trust data: what is missing, or of another type, is refused as the real ones do. */

import { ProtocolError } from "../../../src/errors.js";
import { type Data, type KeyName, RECORDS, type RecordsName } from "./data.js";

/** @throws ProtocolError if somebody put something else there. A key that is missing may be made. */
export function checkTypes(data: Data, ...keys: KeyName[]): void {
  for (const key of keys) {
    if (data.foreign.has(key)) throw new ProtocolError(`${key} is of another type.`);
  }
}

/** @throws ProtocolError unless these hashes have their sentinels. */
export function checkRecords(data: Data, names: readonly RecordsName[] = RECORDS): void {
  checkTypes(data, ...names);
  for (const name of names) {
    if (!data.sentinels.has(name)) throw missing(name);
  }
}

/** @throws ProtocolError if there were commits, but none of them is there. */
export function checkHistory(data: Data): void {
  checkTypes(data, "history");
  if (data.history.length === 0 && data.meta?.commit !== 0) throw missing("history");
}

export function missing(key: KeyName): ProtocolError {
  return new ProtocolError(`${key} is missing.`);
}
