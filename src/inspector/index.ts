/** The public names of `slotstream/inspector`. */

export type { HistorySource } from "./feed.js";
export { createInspector, type Inspector } from "./inspector.js";
export type { InspectorOptions } from "./options.js";
