/**
 * The incident of the guide happens anew, and the terminal says what stands there. `UPDATE_GUIDES=1` writes into the guide
 * what it says now.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocksOf, CHECKOUT, textOf } from "./blocks.js";
import { compared, readable } from "./incident/normalise.js";
import { incident, type Step } from "./incident/story.js";

const GUIDE = "docs/guides/investigate-an-incident.md";
/** A block that begins with a prompt, and is one step of the session. */
const STEP = /^```text\n\$ .*?^```$/gms;

/** A process is silent for 25 seconds before it counts as dead. */
const PATIENCE_MS = 180_000;

test(
  "the session on the terminal is the one of the guide",
  async () => {
    const { steps, names, beganAt } = await incident();
    const retold = steps.map((step) => readable(step, names, beganAt));
    if (process.env.UPDATE_GUIDES) write(retold);
    expect(written().map(compared)).toEqual(retold.map(compared));
  },
  PATIENCE_MS,
);

function written(): Step[] {
  const sessions = blocksOf(GUIDE).filter(
    ({ language, code }) => language === "text" && code.startsWith("$ "),
  );
  return sessions.map(({ code }) => {
    const [prompt = "", ...output] = code.split("\n");
    return { command: prompt.slice("$ ".length), output: output.join("\n").trimEnd() };
  });
}

/** Each step takes the place of the one that was there; a guide with another number of them is for its author to change. */
function write(steps: readonly Step[]): void {
  const text = textOf(GUIDE);
  expect(text.match(STEP)?.length).toBe(steps.length);
  let next = 0;
  const renewed = text.replace(STEP, () => blockOf(steps[next++]));
  writeFileSync(join(CHECKOUT, GUIDE), renewed);
}

function blockOf(step: Step | undefined): string {
  if (step === undefined) throw new Error(`${GUIDE} has more steps than were typed`);
  return ["```text", `$ ${step.command}`, ...(step.output && [step.output]), "```"].join("\n");
}
