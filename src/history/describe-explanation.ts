/** Explanations in lines for people: the answer first, then what it rests on. */

import { describeCause } from "./describe-cause.js";
import type {
  EndedExplanation,
  Explanation,
  HoldingExplanation,
  NextStep,
  SlotHolder,
  WaitingExplanation,
} from "./explanation.js";
import { showDuration } from "./show-duration.js";

/** So many holders and waiters are named. */
const SHOWN = 10;

/** The first line says how it is, the others why, and what comes next. Nothing ends with a line feed. */
export function describeExplanation(explanation: Explanation): string[] {
  switch (explanation.kind) {
    case "waiting":
      return waiting(explanation);
    case "holding":
      return holding(explanation);
    case "ended":
      return ended(explanation);
    case "unknown": {
      const { id, keptFrom } = explanation;
      const kept =
        keptFrom === undefined ? "" : ` from event ${keptFrom} on, which is how far it is kept`;
      return [`Nothing is known of ${id}${kept}.`];
    }
  }
}

function waiting(explanation: WaitingExplanation): string[] {
  const { id, semaphore, session, position, waitedMs, ahead, holders, at } = explanation;
  const first = [
    `${id} waits for a slot of "${semaphore}", as number ${position} in the queue, for ${showDuration(waitedMs)}.`,
    ...listed(
      ahead,
      "ahead of it",
      ({ id, queuedAt }) => `${id}, for ${showDuration(at - queuedAt)}`,
    ),
    slots(explanation),
    ...listed(holders, "held by", (holder) => heldBy(holder, at)),
  ];
  const { pausedUntil, givesUpAt, silentAt } = explanation;
  if (pausedUntil !== undefined) {
    first.push(
      `Grants pause for ${left(pausedUntil, at)}: the data may have lost its last moments.`,
    );
  }
  first.push(next(explanation));
  first.push(bound(explanation));
  if (givesUpAt !== undefined) first.push(`It gives up in ${left(givesUpAt, at)}.`);
  if (silentAt !== undefined) {
    first.push(
      `It loses its place in ${left(silentAt, at)} if its session ${session} is not heard before.`,
    );
  }
  return first;
}

function slots({ semaphore, slots, declared, holders }: WaitingExplanation): string {
  const resized = slots === declared ? "" : ` (resized; its regular value is ${declared})`;
  return `"${semaphore}" has ${count(slots, "slot")}${resized}, and ${holders.length} ${holders.length === 1 ? "is" : "are"} held.`;
}

function next({ next, at, holders }: WaitingExplanation): string {
  const said = `Next: ${nextThing(next)}${deadline(next.atLatest, at)}.`;
  if (next.likelyAt === undefined) return said;
  return `${said}${likely(next.likelyAt, at)}: ${silent(holders)}.`;
}

function likely(likelyAt: number, at: number): string {
  return ` Likely in ${left(likelyAt, at)}`;
}

function silent(holders: readonly SlotHolder[]): string {
  const overdue = holders.filter(({ overdue }) => overdue);
  const [first] = overdue;
  return first && overdue.length === 1
    ? `the holder of slot ${first.slotNumber} has fallen silent`
    : `${overdue.length} holders have fallen silent`;
}

function nextThing({ what, count }: NextStep): string {
  switch (what) {
    case "release":
      return count === 1
        ? "one holder must let go"
        : `${count} holders must let go before anybody is served`;
    case "resize":
      return "somebody must resize the semaphore";
    case "pause-ends":
      return "a slot is free, and grants go on";
    case "grant":
      return "a slot is free, and is given to the head of the queue";
  }
}

function deadline(atLatest: number | undefined, at: number): string {
  return atLatest === undefined
    ? "; nothing says when at the latest"
    : `, in ${left(atLatest, at)} at the latest`;
}

function bound({ grantedAtLatest, grantedLikelyAt, at }: WaitingExplanation): string {
  const latest =
    grantedAtLatest === undefined
      ? "Nothing says when it has a slot at the latest: somebody before it has no ttl."
      : `It has a slot in ${left(grantedAtLatest, at)} at the latest, unless somebody intervenes.`;
  return grantedLikelyAt === undefined ? latest : `${latest}${likely(grantedLikelyAt, at)}.`;
}

function holding({
  id,
  semaphore,
  at,
  holder,
  fencingToken,
  revokedBy,
  waiting,
}: HoldingExplanation): string[] {
  const lines = [
    `${id} holds slot ${holder.slotNumber} of "${semaphore}" for ${showDuration(holder.heldMs)}, with token ${fencingToken}.`,
    `Its session ${holder.session} was heard ${showDuration(at - holder.heardAt)} ago.`,
    ends(holder, at),
  ];
  if (holder.revoked) {
    const by =
      revokedBy &&
      ` by ${revokedBy.by ?? revokedBy.session}, ${showDuration(at - revokedBy.at)} ago`;
    lines.push(`It was told to give the slot back${by ?? ""}.`);
  }
  if (waiting > 0) lines.push(`${waiting} ${waiting === 1 ? "waits" : "wait"} for a slot.`);
  return lines;
}

function ends({ expiresAt, silentAt }: SlotHolder, at: number): string {
  const silent =
    silentAt === undefined ? [] : [`in ${left(silentAt, at)} if its session is not heard before`];
  const ttl = expiresAt === undefined ? [] : [`in ${left(expiresAt, at)} by its ttl`];
  const limits = [...silent, ...ttl];
  return limits.length > 0
    ? `It loses the slot ${limits.join(", or ")}.`
    : "Nothing but itself ends that.";
}

function heldBy(holder: SlotHolder, at: number): string {
  const { id, slotNumber, heldMs, expiresAt, silentAt, revoked } = holder;
  const ttl = expiresAt === undefined ? [] : [`until its ttl ends in ${left(expiresAt, at)}`];
  const silent =
    silentAt === undefined ? [] : [`free in ${left(silentAt, at)} unless its session is heard`];
  const told = revoked ? ["revoked"] : [];
  return [
    `slot ${slotNumber}: ${id}, for ${showDuration(heldMs)}`,
    ...ttl,
    ...silent,
    ...told,
  ].join(", ");
}

function ended({
  id,
  semaphore,
  at,
  end,
  queuedAt,
  grantedAt,
  causes,
}: EndedExplanation): string[] {
  const ago = `${showDuration(at - end.at)} ago (event ${end.seq})`;
  const held =
    grantedAt === undefined
      ? []
      : [`It had held its slot for ${showDuration(end.at - grantedAt)}.`];
  const waited =
    queuedAt === undefined || end.type !== "abandoned"
      ? []
      : [`It had waited for ${showDuration(end.at - queuedAt)}.`];
  return [
    `${id} on "${semaphore}" was ${end.type} (${end.reason}) ${ago}.`,
    ...held,
    ...waited,
    ...causes.flatMap((cause) => describeCause(cause, end)),
  ];
}

function listed<T>(items: readonly T[], what: string, describe: (item: T) => string): string[] {
  const lines = items.slice(0, SHOWN).map((item) => `  ${what}: ${describe(item)}`);
  const more = items.length - SHOWN;
  return more > 0 ? [...lines, `  ${what}: ${more} more`] : lines;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** What is due and was not decided yet has no time left. */
function left(until: number, at: number): string {
  return showDuration(Math.max(0, until - at));
}
