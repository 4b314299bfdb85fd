/** What `slotstream replay --acquisition` shows: one life, event by event, as the state machine went through it. */

import {
  describeEvent,
  type LifeStep,
  type Moment,
  replayAcquisition,
  type StoredEntry,
} from "../../index.js";
import type { Report } from "../report.js";
import { type Column, table } from "../table.js";
import { showTime } from "../time.js";

const COLUMNS: readonly Column<LifeStep>[] = [
  { title: "TIME", cell: ({ event }) => showTime(event.at) },
  { title: "SEQ", align: "right", cell: ({ event }) => String(event.seq) },
  { title: "STATE", cell: ({ snapshot }) => String(snapshot.value) },
  { title: "EVENT", cell: ({ event }) => describeEvent(event) },
];

export async function lifeOf(
  entries: AsyncIterable<StoredEntry>,
  id: string,
  { until = Infinity, untilSeq = Infinity }: Moment,
): Promise<Report> {
  const all = await replayAcquisition(entries, id);
  const steps = all.filter(({ event }) => event.at <= Number(until) && event.seq <= untilSeq);
  if (steps.length === 0) {
    const missing = `nothing that is kept is about ${JSON.stringify(id)}, up to that moment.`;
    return { json: [], text: "", missing };
  }
  return { json: steps, text: table(steps, COLUMNS) };
}
