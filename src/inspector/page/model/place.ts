/** What is looked at, as the address bar keeps it: `#at=1204&id=…&semaphore=…`. The token is never part of it. */

export interface Place {
  /** The event that is shown; `undefined`: live. */
  readonly at: number | undefined;
  readonly acquisition: string | undefined;
  readonly semaphore: string | undefined;
}

export function parsePlace(hash: string): Place {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const at = parameters.get("at") ?? "";
  return {
    at: /^\d{1,15}$/.test(at) ? Number(at) : undefined,
    acquisition: parameters.get("id") || undefined,
    semaphore: parameters.get("semaphore") || undefined,
  };
}

export function placeHash({ at, acquisition, semaphore }: Place): string {
  const parameters = new URLSearchParams();
  if (at !== undefined) parameters.set("at", String(at));
  if (acquisition !== undefined) parameters.set("id", acquisition);
  if (semaphore !== undefined) parameters.set("semaphore", semaphore);
  const text = parameters.toString();
  return text === "" ? "" : `#${text}`;
}

/** The token that the address brought, and the hash without it. */
export function takeToken(hash: string): {
  readonly token: string | undefined;
  readonly rest: string;
} {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const token = parameters.get("token") || undefined;
  parameters.delete("token");
  const rest = parameters.toString();
  return { token, rest: rest === "" ? "" : `#${rest}` };
}
