/** The semaphores, the greatest pressure first. */

import type { App } from "../app/app.js";
import { grouped, shortDuration, visible } from "../model/format.js";
import { rowsOf, type SemaphoreRow } from "../model/rows.js";
import { type RowStyle, VirtualList } from "./virtual-list.js";

const ROW = 25;

export function Semaphores({ app }: { readonly app: App }) {
  const { model } = app;
  const rows = model ? app.order.sort(rowsOf(app.state, model.lanes), performance.now()) : [];
  const chosen = app.place.semaphore;
  const active = rows.findIndex(({ name }) => name === chosen);
  const choose = (row: SemaphoreRow | undefined) => app.look({ semaphore: row?.name });
  return (
    <section class="panel semaphores" aria-label="Semaphores">
      <div class="panel-head">
        <h2>Semaphores</h2>
        <span class="count">{grouped(rows.length)}</span>
        {chosen !== undefined && (
          <button type="button" class="chip" onClick={() => choose(undefined)}>
            only {visible(chosen)} <span aria-hidden="true">×</span>
            <span class="hidden">show all</span>
          </button>
        )}
      </div>
      <div class="semaphore-row heads" aria-hidden="true">
        <span>name</span>
        <span class="use">held / value</span>
        <span class="number">queued</span>
        <span class="number wait">wait p50</span>
        <span class="number">p99</span>
      </div>
      {rows.length === 0 ? (
        <p class="empty">No semaphore is in use at this moment.</p>
      ) : (
        <VirtualList
          label="Semaphores"
          count={rows.length}
          rowHeight={ROW}
          active={active < 0 ? undefined : active}
          activeId={active < 0 ? undefined : `semaphore-${active}`}
          onMove={(by) => choose(rows[Math.min(Math.max(active + by, 0), rows.length - 1)])}
          row={(index, style, key) => {
            const row = rows[index];
            if (!row) return null;
            const isChosen = row.name === chosen;
            return (
              <Row
                key={key}
                id={`semaphore-${index}`}
                row={row}
                style={style}
                isChosen={isChosen}
                onChoose={() => choose(isChosen ? undefined : row)}
              />
            );
          }}
        />
      )}
    </section>
  );
}

interface RowProps {
  readonly id: string;
  readonly row: SemaphoreRow;
  readonly style: RowStyle;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Row({ id, row, style, isChosen, onChoose }: RowProps) {
  const { name, value, declared, held, queued, waits } = row;
  const share = Math.min(1, held / Math.max(value, 1));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      id={id}
      class="semaphore-row"
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      style={style}
      onClick={onChoose}
      data-name={name}
    >
      <span class="name" title={visible(name)}>
        {visible(name)}
      </span>
      <span class="use">
        <Bar share={share} isOver={held > value} />
        <span class="figures">
          <b data-figure="held">{grouped(held)}</b> /{" "}
          <span data-figure="value">{grouped(value)}</span>
          {value !== declared && (
            <span class="resized" title={`resized; its regular value is ${declared}`}>
              {" "}
              was {grouped(declared)}
            </span>
          )}
        </span>
      </span>
      <span class={`number ${queued > 0 ? "waits" : "none"}`} data-figure="queued">
        {grouped(queued)}
      </span>
      <span class="number wait" data-figure="p50">
        {waits ? shortDuration(waits.p50) : "–"}
      </span>
      <span class="number" data-figure="p99">
        {waits ? shortDuration(waits.p99) : "–"}
      </span>
    </div>
  );
}

function Bar({ share, isOver }: { readonly share: number; readonly isOver: boolean }) {
  const width = Math.round(share * 64);
  return (
    <svg class={isOver ? "bar over" : "bar"} width="64" height="8" aria-hidden="true">
      <rect class="room" width="64" height="8" rx="2" />
      <rect class="full" width={width} height="8" rx="2" />
    </svg>
  );
}
