/** All events, filtered and searched. A click goes to the moment after the event; what came later is faint. */

import { describeEvent } from "../../../core/describe.js";
import type { Event } from "../../../core/event.js";
import type { App } from "../app/app.js";
import { EVERY_TYPE, type Filter, isFiltering, NO_FILTER } from "../model/filter.js";
import { grouped, timeOfDay, visible } from "../model/format.js";
import { Mark, markOf } from "./mark.js";
import { type RowStyle, VirtualList } from "./virtual-list.js";

const ROW = 24;

export function History({ app }: { readonly app: App }) {
  const { filtered, model, seq } = app;
  const count = filtered?.length ?? 0;
  const until = filtered?.countUpTo(seq) ?? 0;
  const active = app.isLive ? undefined : until - 1;
  const goTo = (row: number) => {
    const target = filtered?.seqIn(Math.min(Math.max(row, 0), count - 1));
    const event = target === undefined ? undefined : model?.timeline.eventAt(target);
    if (event) choose(app, event);
  };
  return (
    <section class="panel history" aria-label="History">
      <div class="panel-head">
        <h2>History</h2>
        <span class="count" data-figure="events">
          {app.isLive ? grouped(count) : `${grouped(until)} of ${grouped(count)}`}
        </span>
        <Search app={app} />
      </div>
      <Filters app={app} />
      {count === 0 ? (
        <p class="empty">
          {filtered && isFiltering(filtered.filter)
            ? "No event is so. Clear the filters to see all."
            : "Nothing has happened yet. The first event will appear here."}
        </p>
      ) : (
        <VirtualList
          label="Events"
          count={count}
          rowHeight={ROW}
          sticky={app.isLive}
          active={active}
          activeId={active === undefined ? undefined : `event-${filtered?.seqIn(active)}`}
          onMove={(by) => goTo((app.isLive ? count - 1 : until - 1) + by)}
          row={(index, style, key) => {
            const target = filtered?.seqIn(index);
            const event = target === undefined ? undefined : model?.timeline.eventAt(target);
            return event && <Row key={key} app={app} event={event} style={style} />;
          }}
        />
      )}
    </section>
  );
}

function choose(app: App, event: Event): void {
  app.goTo(event.seq);
  if ("acquisition" in event && event.acquisition !== undefined) app.choose(event.acquisition);
}

function Row({ app, event, style }: { app: App; event: Event; style: RowStyle }) {
  const { seq, at, type } = event;
  const isChosen = "acquisition" in event && event.acquisition === app.place.acquisition;
  const isShown = !app.isLive && seq === app.seq;
  const classes = ["event-row", seq > app.seq && "future", isChosen && "chosen"].filter(Boolean);
  const line = visible(describeEvent(event));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      id={`event-${seq}`}
      class={classes.join(" ")}
      role="option"
      tabIndex={-1}
      aria-selected={isShown}
      style={style}
      onClick={() => choose(app, event)}
    >
      <span class="seq">{grouped(seq)}</span>
      <span class="time">{timeOfDay(at)}</span>
      <Mark of={markOf(type)} />
      <span class="line" title={line}>
        <b>{type}</b>
        {line.slice(type.length)}
      </span>
    </div>
  );
}

function Search({ app }: { readonly app: App }) {
  const filter = app.filtered?.filter ?? NO_FILTER;
  return (
    <input
      id="search"
      class="search"
      type="search"
      placeholder="Search ( / )"
      aria-label="Search in events"
      value={filter.text}
      onInput={({ currentTarget }) => app.setFilter({ ...filter, text: currentTarget.value })}
    />
  );
}

function Filters({ app }: { readonly app: App }) {
  const filter = app.filtered?.filter ?? NO_FILTER;
  const set = (change: Partial<Filter>) => app.setFilter({ ...filter, ...change });
  const chosenType = filter.types[0] ?? "";
  const { acquisition } = app.place;
  return (
    <div class="filters">
      <select
        aria-label="Type of event"
        value={chosenType}
        onChange={({ currentTarget: { value } }) => {
          set({ types: EVERY_TYPE.filter((type) => type === value) });
        }}
      >
        <option value="">all types</option>
        {EVERY_TYPE.map((type) => (
          <option key={type} value={type}>
            {type}
          </option>
        ))}
      </select>
      <Field label="semaphore" value={filter.semaphore} set={(semaphore) => set({ semaphore })} />
      <Field
        label="acquisition"
        value={filter.acquisition}
        set={(acquisition) => set({ acquisition })}
      />
      <Field label="session" value={filter.session} set={(session) => set({ session })} />
      {acquisition !== undefined && filter.acquisition !== acquisition && (
        <button type="button" class="tool" onClick={() => set({ acquisition })}>
          Only the chosen
        </button>
      )}
      {isFiltering(filter) && (
        <button type="button" class="tool" onClick={() => app.setFilter(NO_FILTER)}>
          Clear
        </button>
      )}
    </div>
  );
}

function Field({
  label,
  value,
  set,
}: {
  label: string;
  value: string;
  set: (value: string) => void;
}) {
  return (
    <input
      class="field"
      type="text"
      placeholder={label}
      aria-label={`Only this ${label}`}
      value={value}
      spellcheck={false}
      onInput={({ currentTarget }) => set(currentTarget.value.trim())}
    />
  );
}
