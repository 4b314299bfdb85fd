// Sees to it that Chromium can be run, for the tests of the inspector's page: it is there, or Debian's package is
// installed where we may, or it is said what to do.

import { spawnSync } from "node:child_process";
import process from "node:process";

const MANUAL = `The tests of the inspector's page need Chromium as /usr/bin/chromium, and it is not there. Install it:
  Debian:          sudo apt-get install chromium
  other systems:   https://www.chromium.org/getting-involved/download-chromium/
                   and name it: SLOTSTREAM_CHROMIUM=/path/to/chromium
Tests without it: npx vitest run --project fast
`;

const PATH = process.env.SLOTSTREAM_CHROMIUM ?? "/usr/bin/chromium";

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function succeeds(command, args, env = process.env) {
  return spawnSync(command, args, { stdio: "ignore", env }).status === 0;
}

function isThere() {
  return succeeds(PATH, ["--version"]);
}

function install() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = () => succeeds("apt-get", ["install", "-y", "chromium"], env);
  return run() || (succeeds("apt-get", ["update"], env) && run());
}

if (!isThere()) {
  const mayInstall = process.getuid?.() === 0 && succeeds("apt-get", ["--version"]);
  if (mayInstall) process.stdout.write("Installing Chromium for the tests …\n");
  if (!mayInstall || !install() || !isThere()) {
    process.stderr.write(MANUAL);
    process.exitCode = 1;
  }
}
