/** A list of any length of which only the rows in sight are in the page. Arrow keys are told to the owner. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Where a row stands. */
export type RowStyle = {
  readonly top: string;
  readonly height: string;
};

interface Props {
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  /** Draws a row; it gets this style, which puts it in its place, and this key. */
  readonly row: (index: number, style: RowStyle, key: number) => ComponentChildren;
  /** The row that is chosen; it is brought into sight whenever it changes. */
  readonly active?: number | undefined;
  readonly activeId?: string | undefined;
  /** Stays at the end while more rows come, unless somebody has scrolled away from it. */
  readonly sticky?: boolean;
  /** Goes so many rows further; `Infinity` to the end. */
  readonly onMove?: (by: number) => void;
}

const SPARE = 6;

export function VirtualList({
  label,
  count,
  rowHeight,
  row,
  active,
  activeId,
  sticky,
  onMove,
}: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const isAtEnd = useRef(true);
  const wasSticky = useRef(sticky);
  // Who comes back to the newest wants to see it, wherever he has read meanwhile.
  if (sticky && !wasSticky.current) isAtEnd.current = true;
  wasSticky.current = sticky;
  /** Where it was scrolled to by itself, and not by the reader. */
  const put = useRef(-1);
  const end = Math.max(0, count * rowHeight - view.height);
  const isFollowing = sticky === true && isAtEnd.current;
  // Nothing is asked of the page while drawing: it would have to lay out all anew, in every frame.
  const top = isFollowing ? end : Math.min(view.top, end);

  const look = () => {
    const node = scroller.current;
    if (!node) return;
    const { scrollTop, clientHeight: height } = node;
    if (Math.abs(scrollTop - put.current) > 2) {
      isAtEnd.current = scrollTop + height >= count * rowHeight - rowHeight;
    }
    if (scrollTop !== view.top || height !== view.height) setView({ top: scrollTop, height });
  };
  const latest = useRef(look);
  latest.current = look;

  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node) return;
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(node);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (!isFollowing || !scroller.current) return;
    put.current = end;
    scroller.current.scrollTop = end;
  }, [end, isFollowing]);

  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node || active === undefined || active < 0) return;
    const y = active * rowHeight;
    const below = y + rowHeight - view.height;
    if (y < view.top) node.scrollTop = y;
    else if (below > view.top) node.scrollTop = below;
    else return;
    look();
  }, [active]);

  // As many as can be seen at most, so that rows which come into sight take over the places of those that go.
  const places = Math.ceil(view.height / rowHeight) + 2 * SPARE + 1;
  const first = Math.max(0, Math.floor(top / rowHeight) - SPARE);
  const rows = [];
  for (let index = first; index < Math.min(count, first + places); index++) {
    const style = { top: `${index * rowHeight}px`, height: `${rowHeight}px` };
    rows.push(row(index, style, index % places));
  }
  return (
    <div
      ref={scroller}
      class="scroller"
      role="listbox"
      aria-label={label}
      aria-activedescendant={activeId}
      tabIndex={0}
      onScroll={look}
      onKeyDown={(event) => moveBy(event, Math.floor(view.height / rowHeight), onMove)}
    >
      <div class="rows" style={{ height: `${count * rowHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}

function moveBy(event: KeyboardEvent, page: number, onMove: ((by: number) => void) | undefined) {
  const by = new Map([
    ["ArrowDown", 1],
    ["ArrowUp", -1],
    ["PageDown", page],
    ["PageUp", -page],
    ["Home", -Infinity],
    ["End", Infinity],
  ]).get(event.key);
  if (by === undefined || onMove === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  onMove(by);
}
