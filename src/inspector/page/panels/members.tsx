/** Who holds and who waits for the chosen semaphore, or for all: each can be chosen. */

import type { AcquisitionRecord, State } from "../../../core/state.js";
import type { App } from "../app/app.js";
import { grouped, shortDuration, shortId, visible } from "../model/format.js";
import { ResizeTools } from "./actions.js";
import { Mark } from "./mark.js";
import { VirtualList } from "./virtual-list.js";

const ROW = 26;

export function Members({ app }: { readonly app: App }) {
  const { semaphore } = app.place;
  const members = membersOf(app.state, semaphore);
  return (
    <div class="members">
      <h3>
        {semaphore === undefined
          ? "Who holds and waits"
          : `Who holds and waits for ${visible(semaphore)}`}{" "}
        <span class="count">{grouped(members.length)}</span>
      </h3>
      {semaphore !== undefined && <ResizeTools app={app} semaphore={semaphore} />}
      {members.length === 0 ? (
        <p class="empty">Nobody, at this moment.</p>
      ) : (
        <VirtualList
          label="Who holds and waits"
          count={members.length}
          rowHeight={ROW}
          row={(index, style, key) => {
            const member = members[index];
            if (!member) return null;
            return (
              <button
                type="button"
                key={key}
                class="member"
                style={style}
                onClick={() => app.choose(member.id)}
              >
                <Mark of={member.grant ? "held" : "queued"} />
                <code>{shortId(member.id, 26)}</code>
                <span class="place">{placeOf(member, semaphore)}</span>
                <span class="since">
                  {shortDuration(app.at - (member.grant?.at ?? member.queuedAt))}
                </span>
              </button>
            );
          }}
        />
      )}
    </div>
  );
}

/** Holders by slot, then waiters in order of the queue. */
function membersOf(state: State, semaphore: string | undefined): AcquisitionRecord[] {
  if (semaphore === undefined) return [...state.acquisitions.values()];
  const record = state.semaphores.get(semaphore);
  if (record === undefined) return [];
  const holders = [...record.holders].sort((a, b) => (a.grant?.slot ?? 0) - (b.grant?.slot ?? 0));
  return [...holders, ...record.queue];
}

function placeOf(
  { grant, semaphore, revoked }: AcquisitionRecord,
  chosen: string | undefined,
): string {
  const where = chosen === undefined ? `${shortId(semaphore.name, 20)} ` : "";
  if (grant === undefined) return `${where}waits`;
  return `${where}slot ${grant.slot}${revoked ? " · revoked" : ""}`;
}
