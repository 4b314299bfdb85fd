/** How a reconciler is, in lines: when that changes, and from time to time. */

import type { ReconcilerHealth } from "../index.js";
import { showDuration } from "./duration.js";

type Role = "leading" | "standby" | "failing";

/** What is to be told now. */
export interface Told {
  /** On standard output. */
  readonly line?: string | undefined;
  /** On standard error. */
  readonly complaint?: string | undefined;
}

export class HealthLines {
  private role: Role | undefined = undefined;
  private epoch: number | undefined = undefined;
  private failingSince: number | undefined = undefined;

  constructor(private readonly asJson: boolean) {}

  /** @param isDue to be told even if nothing has changed. */
  next(health: ReconcilerHealth, now: number, isDue: boolean): Told {
    const role = roleOf(health);
    const hasChanged = role !== this.role || health.epoch !== this.epoch;
    if (!hasChanged && !isDue) return {};
    const failedSince = this.failingSince;
    const failsAnew = role === "failing" && failedSince === undefined;
    this.role = role;
    this.epoch = health.epoch;
    this.failingSince = role === "failing" ? (failedSince ?? now) : undefined;
    return {
      line: this.asJson ? asJson(health, role, now) : asText(health, role, now, failedSince),
      complaint: failsAnew ? `${health.failure?.message} It goes on trying.` : undefined,
    };
  }
}

export function roleOf({ leading, failure }: ReconcilerHealth): Role {
  if (leading) return "leading";
  return failure ? "failing" : "standby";
}

function asJson({ epoch, commits, failure }: ReconcilerHealth, role: Role, now: number): string {
  const at = new Date(now).toISOString();
  return `${JSON.stringify({ at, role, epoch, commits, failure: failure?.message })}\n`;
}

/** E.g. `2026-01-31T12:00:00.000Z leading, epoch 1769860800000000, 12 commits`. */
function asText(
  { epoch, commits }: ReconcilerHealth,
  role: Role,
  now: number,
  failedSince: number | undefined,
): string {
  const forMs = showDuration(now - (failedSince ?? now));
  const parts = [ROLES[role]];
  if (epoch !== undefined) parts.push(`epoch ${epoch}`);
  parts.push(commits === 1 ? "1 commit" : `${commits} commits`);
  if (failedSince !== undefined) {
    parts.push(role === "failing" ? `for ${forMs}` : `back after ${forMs}`);
  }
  return `${new Date(now).toISOString()} ${parts.join(", ")}\n`;
}

const ROLES: Readonly<Record<Role, string>> = {
  leading: "leading",
  standby: "standing by",
  failing: "cannot reach Redis",
};
