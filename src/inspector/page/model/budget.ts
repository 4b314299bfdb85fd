/** Long work in short pieces: whether there is still time in this frame. */

export type HasTime = () => boolean;

/** There is always time: for tests, and for work that is known to be short. */
export const ALWAYS: HasTime = () => true;

/** Looks at the clock only now and then, for that costs as much as a step of the work. */
export function until(now: () => number, end: number): HasTime {
  let calls = 0;
  let isOver = false;
  return () => {
    if (!isOver && calls++ % 8 === 0) isOver = now() >= end;
    return !isOver;
  };
}
