/** How the view of `slotstream watch` is drawn: a model and a size give lines. */

import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { draw } from "../../src/cli/watch/draw.js";
import type { View } from "../../src/cli/watch/model.js";
import { coloured, plain } from "../../src/cli/watch/paint.js";
import type { Event } from "../../src/index.js";
import { EVENTS, holder, view, waiter } from "./watch-model.js";

function drawn(more: Partial<View> = {}, columns = 80, rows = 18): string[] {
  return draw(view(more), { columns, rows }, plain).map((line) => line.trimEnd());
}

test("the whole view", () => {
  expect(drawn()).toEqual([
    "redis://redis:6379  namespace slotstream",
    "2026-11-23T03:12:00Z  12 events/s  leader Vt3x, epoch 1763867520000000",
    "3 in use",
    "▸ deploy                                      ████████████████████████    1/1 +2",
    "  full                                        ████████████████████████  10/10",
    "  half                                        ████████████░░░░░░░░░░░░ 50/100",
    "deploy: who holds which slot, for how long",
    "  0  1 min 5 s  h-0  host=web-1",
    "2 wait, the head of the queue first",
    "  1.  4 s  w-1",
    "  2.  4 s  w-2",
    "last events, the newest first",
    "  03:10:55.000  granted h-0 on deploy slot=0 token=1",
    "  03:10:54.999  queued h-0 on deploy value=1 position=1 by s#1",
    "",
    "",
    "",
    "q quit  j/k choose  p pause  ? help",
  ]);
});

test("in a narrow and low window, the important comes first", () => {
  expect(drawn({}, 40, 12)).toEqual([
    "redis://redis:6379  namespace slotstream",
    "2026-11-23T03:12:00Z  12 events/s  lead…",
    "3 in use",
    "▸ deploy               ██████████ 1/1 +2",
    "  … and 2 more",
    "deploy: who holds which slot, for how l…",
    "  0  1 min 5 s  h-0  host=web-1",
    "2 wait, the head of the queue first",
    "  1.  4 s  w-1",
    "last events, the newest first",
    "  03:10:55.000  granted h-0 on deploy s…",
    "q quit  j/k choose  p pause  ? help",
  ]);
  expect(drawn({}, 24, 4)).toEqual([
    "redis://redis:6379  nam…",
    "2026-11-23T03:12:00Z  1…",
    "3 in use",
    "▸ deploy         1/1 +2",
  ]);
});

/** Names that are wide, long, or not what they seem. */
const STRANGE = [
  "日本語のセマフォ",
  "👩‍👩‍👧 family",
  "e\u0301te\u0301",
  "\u001b[2Jclear",
  "x".repeat(300),
  "a\nb",
];

test("is never wider than the window, nor higher, whatever its size and the names in it", () => {
  const semaphores = STRANGE.map((name) => ({ name, held: 3, slots: 2, queued: 12_345 }));
  const metadata = Object.fromEntries(STRANGE.map((name) => [name, name]));
  const strange = STRANGE.map((id, index) => holder(index, { id, metadata }));
  const waiters = STRANGE.map((id, index) => waiter(index + 1, { id, metadata }));
  const events = STRANGE.flatMap((name) => EVENTS.map((event) => renamed(event, name)));
  for (const chosen of STRANGE.slice(0, 4)) {
    const detail = { name: chosen, holders: strange, waiters };
    const model = view({ semaphores, chosen, detail, namespace: chosen, events });
    for (const columns of [1, 7, 20, 40, 80, 200]) {
      for (const rows of [1, 3, 6, 24]) {
        const lines = draw(model, { columns, rows }, coloured);
        expect(lines).toHaveLength(rows);
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(columns);
          expect(stripVTControlCharacters(line)).not.toMatch(/\p{Cc}/u);
        }
      }
    }
  }
});

function renamed(event: Event, name: string): Event {
  return event.type === "granted" ? { ...event, semaphore: name, acquisition: name } : event;
}

test("the figures stand below each other, however wide the names are", () => {
  const semaphores = ["日本語", "e\u0301te\u0301", "plain"].map((name) => {
    return { name, held: 1, slots: 2, queued: 0 };
  });
  const lines = drawn({ semaphores, chosen: "plain" }).slice(3, 6);
  const places = lines.map((line) => stringWidth(line.slice(0, line.indexOf("█"))));
  expect(new Set(places).size).toBe(1);
});

test("the chosen one is always to be seen", () => {
  const semaphores = Array.from({ length: 100 }, (_, index) => {
    return { name: `s${index}`, held: 1, slots: 1, queued: 0 };
  });
  for (const chosen of ["s0", "s1", "s50", "s98", "s99"]) {
    const detail = { name: chosen, holders: [], waiters: [] };
    const text = drawn({ semaphores, chosen, detail }, 80, 14).join("\n");
    expect(text).toContain(`▸ ${chosen} `);
    expect(text).toMatch(/… and \d+ more/);
  }
});

describe("the head", () => {
  const health = (more: Partial<View>) => drawn(more, 120)[1];
  const { status } = view();

  test("says who leads, or that nobody does", () => {
    expect(health({})).toContain("leader Vt3x, epoch 1763867520000000");
    expect(health({ status: { ...status, leader: undefined } })).toMatch(/nobody leads$/);
  });

  test("says when grants pause", () => {
    const pausedUntil = status.now + 12_300;
    expect(health({ status: { ...status, pausedUntil } })).toContain("grants pause for 12.3 s");
    expect(health({ status: { ...status, pausedUntil: status.now } })).not.toContain("grants");
  });

  test("says that Redis is gone, and for how long", () => {
    const outage = { reason: "Redis does not answer.", forMs: 65_000 };
    expect(health({ outage })).toBe("for 1 min 5 s: Redis does not answer.");
  });

  test("says that it is paused, and how to go on", () => {
    expect(health({ isPaused: true })).toMatch(/^PAUSED {2}2026/);
    expect(drawn({ isPaused: true }).at(-1)).toBe("q quit  j/k choose  p go on  ? help");
  });

  test("leaves the rate out until it is known, and rounds it", () => {
    expect(health({ rate: undefined })).not.toContain("events/s");
    expect(health({ rate: 0.25 })).toContain(" 0.3 events/s");
    expect(health({ rate: 12_345.6 })).toContain(" 12,346 events/s");
  });

  test("has a line more for a warning", () => {
    expect(drawn({ notice: "Redis may evict\u0007 data." })[2]).toBe(
      "Redis may evict\\u0007 data.",
    );
  });
});

describe("there may be nothing to show", () => {
  test("no semaphore in use, no event ever", () => {
    const status = { ...view().status, seq: 0 };
    const empty = { status, semaphores: [], chosen: undefined, detail: undefined, events: [] };
    expect(drawn(empty, 80, 7).slice(2)).toEqual([
      "no semaphore is in use",
      "nothing has happened here yet",
      "",
      "",
      "q quit  j/k choose  p pause  ? help",
    ]);
  });

  test("nobody holds, nobody waits", () => {
    const detail = { name: "deploy", holders: [], waiters: [] };
    const text = drawn({ detail }).join("\n");
    expect(text).toContain("deploy: nobody holds a slot\nnobody waits\n");
  });

  test("slots that were not read yet", () => {
    const text = drawn({ chosen: "full" }).join("\n");
    expect(text).toContain("full …\nlast events");
    expect(text).not.toContain("host=");
  });
});

test("a holder that was revoked is marked", () => {
  const detail = { name: "deploy", holders: [holder(0, { revoked: true })], waiters: [] };
  expect(drawn({ detail }).join("\n")).toContain("  0  1 min 5 s  h-0  revoked host=web-1");
});

test("help takes the place of all but the head", () => {
  const lines = drawn({ showsHelp: true }, 40, 18);
  expect(lines.slice(2, 5)).toEqual([
    "q, Ctrl-C   quit",
    "j, down     the next semaphore",
    "k, up       the one before",
  ]);
  expect(lines.join(" ")).toContain("+3 means that three wait.");
});

test("colours change nothing but the colours", () => {
  const size = { columns: 80, rows: 24 };
  const inColour = draw(view(), size, coloured);
  expect(inColour.join("")).toContain("\u001b[1;31m");
  const stripped = inColour.map(stripVTControlCharacters);
  expect(stripped).toEqual(draw(view(), size, plain));
});
