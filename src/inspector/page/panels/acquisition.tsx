/** The chosen acquisition: its statechart, why it is as it is, and what is known of it. Without one: what to choose. */

import type { Event, QueuedEvent, ReassertedEvent } from "../../../core/event.js";
import type { AcquisitionRecord } from "../../../core/state.js";
import { describeExplanation } from "../../../history/describe-explanation.js";
import type { App } from "../app/app.js";
import { day, shortDuration, timeOfDay, visible } from "../model/format.js";
import { RevokeTools } from "./actions.js";
import { Chart } from "./chart.js";
import { Mark } from "./mark.js";
import { Members } from "./members.js";
import { stateName } from "./state-name.js";

export function Acquisition({ app }: { readonly app: App }) {
  const { acquisition: id } = app.place;
  return (
    <section class="panel acquisition" aria-label="Acquisition">
      <div class="panel-head">
        <h2>{id === undefined ? "Acquisition" : <code class="id">{visible(id)}</code>}</h2>
        {id !== undefined && <StateChip app={app} />}
        {id !== undefined && (
          <button type="button" class="tool" onClick={() => app.choose(undefined)}>
            Close
          </button>
        )}
      </div>
      <div class="detail">
        <Chart app={app} />
        {id === undefined ? (
          <>
            <p class="hint">
              Choose an acquisition: a bar, an event, or a name below. Its state and its last
              transition light up here.
            </p>
            <Members app={app} />
          </>
        ) : (
          <>
            <Why app={app} />
            <Facts app={app} id={id} />
            <RevokeTools app={app} id={id} />
          </>
        )}
      </div>
    </section>
  );
}

function StateChip({ app }: { readonly app: App }) {
  const name = stateName(app.follow?.at(app.seq));
  if (name === undefined) return <span class="chip none">not there at this moment</span>;
  return (
    <span class={`chip state-chip ${name}`}>
      <Mark of={name} /> {name}
    </span>
  );
}

function Why({ app }: { readonly app: App }) {
  const { explanation } = app;
  const [first, ...more] = explanation ? describeExplanation(explanation).map(visible) : [];
  return (
    <div class="why" data-kind={explanation?.kind ?? ""}>
      <h3>Why</h3>
      <p class="answer">{first ?? "Looking …"}</p>
      <ul>
        {more.map((line, index) => (
          <li key={`${index} ${line}`} class={line.startsWith("  ") ? "deeper" : ""}>
            {line.trim()}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Facts({ app, id }: { readonly app: App; readonly id: string }) {
  const { model, state, seq } = app;
  const about = model?.lookup.about(id).filter((event) => event.seq <= seq) ?? [];
  const record = state.acquisitions.get(id);
  const facts = [...placesOf(about, record), ...timesOf(about, record), ...termsOf(about, record)];
  if (facts.length === 0) return null;
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{visible(name)}</dt>
          <dd data-fact={name}>{visible(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

type Fact = readonly [name: string, value: string];

function placesOf(about: readonly Event[], record: AcquisitionRecord | undefined): Fact[] {
  const granted = about.findLast(
    (event) => event.type === "granted" || event.type === "reasserted",
  );
  const known = about.findLast((event) => "semaphore" in event);
  const semaphore =
    record?.semaphore.name ?? (known && "semaphore" in known ? known.semaphore : undefined);
  const session = record?.session.id ?? known?.session;
  const grant = record?.grant ?? granted;
  return [
    ...(semaphore === undefined ? [] : [["semaphore", semaphore] as const]),
    ...(session === undefined ? [] : [["session", session] as const]),
    ...(grant === undefined ? [] : [["slot", String(grant.slot)] as const]),
    ...(grant === undefined ? [] : [["fencing token", String(grant.token)] as const]),
  ];
}

function timesOf(about: readonly Event[], record: AcquisitionRecord | undefined): Fact[] {
  const queuedAt = record?.queuedAt ?? about.find(({ type }) => type === "queued")?.at;
  const grantedAt = record?.grant?.at ?? about.find(({ type }) => type === "granted")?.at;
  const facts: Fact[] = [];
  if (queuedAt !== undefined) facts.push(["queued", `${day(queuedAt)} ${timeOfDay(queuedAt)}`]);
  if (grantedAt !== undefined) {
    const waited = queuedAt === undefined ? "" : ` (after ${shortDuration(grantedAt - queuedAt)})`;
    facts.push(["granted", `${timeOfDay(grantedAt)}${waited}`]);
  }
  const end = about.findLast(
    ({ type }) => type === "released" || type === "expired" || type === "abandoned",
  );
  if (end && !record) facts.push([end.type, timeOfDay(end.at)]);
  return facts;
}

function termsOf(about: readonly Event[], record: AcquisitionRecord | undefined): Fact[] {
  const asked = about.findLast(
    (event): event is QueuedEvent | ReassertedEvent =>
      event.type === "queued" || event.type === "reasserted",
  );
  const terms = record?.terms ?? asked?.terms;
  if (terms === undefined) return [];
  const { ttlMs, heartbeatMaxIntervalMs, maxAcquireTimeMs, metadata } = terms;
  const facts: Fact[] = [];
  if (ttlMs !== undefined) facts.push(["ttl", shortDuration(ttlMs)]);
  if (heartbeatMaxIntervalMs !== undefined)
    facts.push(["heartbeat", shortDuration(heartbeatMaxIntervalMs)]);
  if (maxAcquireTimeMs !== undefined)
    facts.push(["waits at most", shortDuration(maxAcquireTimeMs)]);
  return [
    ...facts,
    ...Object.entries(metadata ?? {}).map(([key, value]): Fact => [`metadata ${key}`, value]),
  ];
}
