/** Revoking and resizing, where the server allows it: never without a name, never without being asked again. */

import { useState } from "preact/hooks";
import { type Action, perform } from "../app/actions.js";
import type { App } from "../app/app.js";
import { loadWho, saveWho } from "../app/preferences.js";
import { visible } from "../model/format.js";

/** Nothing where actions are not allowed, in a file, or in the past. */
function mayAct({ header, isLive }: App): boolean {
  return header?.actions === true && isLive;
}

export function RevokeTools({ app, id }: { readonly app: App; readonly id: string }) {
  const [force, setForce] = useState(false);
  if (!mayAct(app) || app.state.acquisitions.get(id) === undefined) return null;
  const action = { what: "revoke", id, force } as const;
  const consequence = force
    ? `The slot of ${visible(id)} is free at once; its holder is told that it lost it.`
    : `The holder of ${visible(id)} is told to give the slot back; it keeps it until it does, or falls silent.`;
  return (
    <Confirmed app={app} action={action} label="Revoke …" consequence={consequence}>
      <label class="check">
        <input
          type="checkbox"
          checked={force}
          onChange={({ currentTarget }) => setForce(currentTarget.checked)}
        />{" "}
        with force
      </label>
    </Confirmed>
  );
}

export function ResizeTools({ app, semaphore }: { readonly app: App; readonly semaphore: string }) {
  const record = app.state.semaphores.get(semaphore);
  const [wanted, setWanted] = useState<number>();
  if (!mayAct(app) || record === undefined) return null;
  const value = wanted ?? record.effective;
  const consequence = `${visible(semaphore)} has ${value} slots from then on, for everybody, until it is set back.`;
  const action = { what: "resize", semaphore, value } as const;
  return (
    <Confirmed app={app} action={action} label="Resize …" consequence={consequence}>
      <label class="check">
        to{" "}
        <input
          type="number"
          min="0"
          max="1000000"
          value={value}
          onInput={({ currentTarget }) => setWanted(Math.max(0, currentTarget.valueAsNumber || 0))}
        />{" "}
        slots
      </label>
    </Confirmed>
  );
}

interface ConfirmedProps {
  readonly app: App;
  readonly action: Action;
  readonly label: string;
  readonly consequence: string;
  readonly children: preact.ComponentChildren;
}

/** First the button, then who, what follows from it, and the choice to leave it. */
function Confirmed({ app, action, label, consequence, children }: ConfirmedProps) {
  const [isAsked, setAsked] = useState(false);
  const [who, setWho] = useState(loadWho);
  const [outcome, setOutcome] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    saveWho(who);
    setAsked(false);
    setOutcome("…");
    setOutcome(await perform(action, who.trim(), app.token));
  };
  if (!isAsked) {
    return (
      <p class="actions">
        <button type="button" class="tool danger" onClick={() => setAsked(true)}>
          {label}
        </button>{" "}
        <span role="status">{outcome}</span>
      </p>
    );
  }
  return (
    <form class="actions asked" onSubmit={submit}>
      {children}
      <label class="check">
        who{" "}
        <input
          type="text"
          required
          maxLength={100}
          placeholder="your name"
          value={who}
          onInput={({ currentTarget }) => setWho(currentTarget.value)}
        />
      </label>
      <p>{consequence} The history will name who did it.</p>
      <button type="submit" class="tool danger">
        {action.what === "revoke" ? "Revoke" : "Resize"}
      </button>
      <button type="button" class="tool" onClick={() => setAsked(false)}>
        Leave it
      </button>
    </form>
  );
}
