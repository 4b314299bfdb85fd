/** Numbers, durations and times as the page shows them: short, and of steady width. */

const GROUPED = new Intl.NumberFormat("en-GB");

/** E.g. `12,345`. */
export function grouped(value: number): string {
  return GROUPED.format(value);
}

/** E.g. `0`, `8 ms`, `1.2 s`, `4 m 10 s`, `2 h 5 m`. */
export function shortDuration(ms: number): string {
  if (ms < 0.5) return "0";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** Time of day with milliseconds, in the reader's zone: `14:03:07.250`. Times since 1970 of a simulated clock also. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${parts.map((part) => String(part).padStart(2, "0")).join(":")}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** E.g. `2026-11-23`. */
export function day(at: number): string {
  const date = new Date(at);
  const [month, dayOfMonth] = [date.getMonth() + 1, date.getDate()];
  return `${date.getFullYear()}-${String(month).padStart(2, "0")}-${String(dayOfMonth).padStart(2, "0")}`;
}

/** The end of a long id says more than its beginning, which it shares with others of its session. */
export function shortId(name: string, length = 18): string {
  const id = visible(name);
  if (id.length <= length) return id;
  return length < 14 ? `…${id.slice(1 - length)}` : `${id.slice(0, 4)}…${id.slice(5 - length)}`;
}

/** Names and metadata are other people's texts: none shall reverse the line that it stands in, or hide there. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
