// @ts-check
// An inspector that is attached to a coordinator, with one reader in a process of its own, who reads all.

import { createInspector } from "slotstream/inspector";
import { Child, within } from "../processes.js";

const READER = new URL("./reader.js", import.meta.url);
const PATIENCE_MS = 120_000;

/** @param {import("slotstream").Coordinator} coordinator */
export async function attach(coordinator) {
  const inspector = await createInspector(coordinator, { port: 0 });
  const reader = await Child.start(READER);
  await reader.call("read", inspector.url);
  return {
    /** Resolves when the reader has got all that has happened so far. */
    async settle() {
      for await (const { seq } of coordinator.history({ reverse: true, limit: 1 })) {
        const restarts = await within(PATIENCE_MS, "the reader", reader.call("until", seq));
        if (restarts > 0) throw new Error("the reader was outrun: raise historyRetention");
      }
    },
    async end() {
      await inspector.close();
      await reader.end();
    },
  };
}
