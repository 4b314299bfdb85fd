// @ts-check
/**
 * Hashes every file of node_modules, four at a time. How that is done stands in demo/hash-all.js; here
 * is what comes before: the arguments, the files, and one clear line if something is missing.
 *
 *   npm run demo
 *   npm run demo -- --value 8
 *   npm run demo -- --inspect    slowly, to be watched in the browser
 */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { filesBelow } from "./demo/files.js";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
const LEAST_FILES = 500;

try {
  const { values } = parseArgs({
    options: {
      value: { type: "string", default: "4" },
      inspect: { type: "boolean", default: false },
      port: { type: "string" },
    },
  });
  process.chdir(CHECKOUT);
  const files = await filesBelow("node_modules");
  if (files.length < LEAST_FILES) {
    throw new Error(
      `${CHECKOUT}node_modules has ${files.length} files, but the demo needs ${LEAST_FILES}. Run: npm ci`,
    );
  }
  // Only now, since without `npm ci` it is not there either.
  if (values.inspect) {
    const { workSlowly } = await import("./demo/live.js");
    await workSlowly(files, Number(values.value), values.port ? Number(values.port) : undefined);
  } else {
    const { hashAll } = await import("./demo/hash-all.js");
    await hashAll(files, Number(values.value));
  }
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
