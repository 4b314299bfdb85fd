// Sees to it that redis-server can be run, for the tests that need it: it is there, or Debian's package is
// installed where we may, or it is said what to do.

import { spawnSync } from "node:child_process";
import process from "node:process";

const MANUAL = `The tests need redis-server (7.0 or later) in the PATH, and it is not there. Install it:
  Debian, Ubuntu:  sudo apt-get install redis-server
  macOS:           brew install redis
  other systems:   https://redis.io/docs/latest/operate/oss_and_stack/install/
Tests without Redis: npx vitest run --project fast
`;

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function succeeds(command, args, env = process.env) {
  return spawnSync(command, args, { stdio: "ignore", env }).status === 0;
}

function isThere() {
  return succeeds("redis-server", ["--version"]) && succeeds("redis-cli", ["--version"]);
}

/** The package would start a service on 6379; RUNLEVEL=1 tells its scripts that this is not the time. */
function install() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const run = () => succeeds("apt-get", ["install", "-y", "redis-server"], env);
  return run() || (succeeds("apt-get", ["update"], env) && run());
}

if (!isThere()) {
  const mayInstall = process.getuid?.() === 0 && succeeds("apt-get", ["--version"]);
  if (mayInstall) process.stdout.write("Installing redis-server for the tests …\n");
  if (!mayInstall || !install() || !isThere()) {
    process.stderr.write(MANUAL);
    process.exitCode = 1;
  }
}
