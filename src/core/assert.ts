/** For what can only be undefined by a mistake in this library. */
export function assertDefined<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`slotstream is broken: ${what}. Please report this.`);
  return value;
}
