/** What holds after any commands whatever. A failure prints its seed, and the commands as a trace. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { describeCommand } from "../../src/core/describe.js";
import { restore, snapshot } from "../../src/core/snapshot.js";
import { step } from "../../src/core/step.js";
import { parseCommand } from "../support/language.js";
import { PATIENT, Player, walk } from "../support/moves.js";
import { bytesOf, Partition } from "../support/partition.js";

const partitionAfter = (moves: Parameters<Player["play"]>[0]) =>
  new Player(new Partition()).play(moves).partition;

test("every invariant holds, and state is a fold over commands, and over events", PATIENT, () => {
  fc.assert(
    fc.property(walk, (moves) => {
      partitionAfter(moves).checkFolds();
    }),
    { numRuns: 300 },
  );
});

test("a state that was written down at any point goes on as the original", PATIENT, () => {
  fc.assert(
    fc.property(walk, fc.nat({ max: 99 }), (moves, written) => {
      const { state, events, commands } = partitionAfter(moves);
      const before = partitionAfter(moves.slice(0, written));
      const restored = restore(JSON.parse(JSON.stringify(snapshot(before.state))));
      const rest = commands.slice(written);
      const followed = rest.flatMap(({ command, at }) => step(restored, command, at));
      expect(JSON.stringify(followed)).toBe(JSON.stringify(events.slice(before.events.length)));
      expect(bytesOf(restored)).toBe(bytesOf(state));
    }),
    { numRuns: 100 },
  );
});

test("a described command can be read back", PATIENT, () => {
  fc.assert(
    fc.property(walk, (moves) => {
      for (const { command } of partitionAfter(moves).commands) {
        expect(parseCommand(describeCommand(command))).toEqual(command);
      }
    }),
    { numRuns: 50 },
  );
});

test("random walks meet everything that can happen", PATIENT, () => {
  const met = new Set<string>();
  for (const moves of fc.sample(walk, { numRuns: 100, seed: 7 })) {
    for (const event of partitionAfter(moves).events) {
      const command = "command" in event ? `${event.command} ` : "";
      met.add(`${event.type} ${command}${"reason" in event ? event.reason : ""}`.trim());
    }
  }
  expect([...met].sort()).toEqual(
    [
      ...["queued", "granted", "revoked", "declared", "resized", "heartbeat", "left"],
      ...["resumed", "rebased", "restarted", "swept", "ticked"],
      ...["released released", "released cancelled", "released left"],
      ...["reasserted", "expired ttl", "expired heartbeat", "expired revoked"],
      ...["expired superseded", "ignored reassert superseded", "ignored reassert too-late"],
      ...["ignored reassert known-acquisition"],
      ...["abandoned timeout", "abandoned cancelled", "abandoned lost"],
      ...["abandoned busy", "abandoned queue-full", "abandoned value-mismatch"],
      ...["refused duplicate", "refused gap", "refused stranger"],
      ...["ignored acquire known-acquisition", "ignored release not-held"],
      ...["ignored cancel not-live", "ignored revoke not-live", "ignored revoke unchanged"],
      ...["ignored resize unknown-semaphore", "ignored resize unchanged"],
    ].sort(),
  );
});
