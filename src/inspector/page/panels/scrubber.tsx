/** Puts every panel at a past event: a slider over all events, play and pause, single steps, and back to what is now. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { App } from "../app/app.js";
import type { Palette } from "../app/lanes-scene.js";
import { SPEEDS } from "../app/player.js";
import { day, grouped, timeOfDay } from "../model/format.js";

export function Scrubber({ app, palette }: { readonly app: App; readonly palette: Palette }) {
  const { model, seq, isLive, player, state } = app;
  const { start = 0, end = 0 } = model?.timeline ?? {};
  const isEmpty = end === start;
  const now = app.header?.live === false ? "End" : "Live";
  const position = `event ${grouped(seq)} of ${grouped(end)}`;
  return (
    <footer class="scrubber">
      <div class="transport">
        <Button
          label="Back to the first event (Home)"
          path="M3 2v10M11 2l-6 5l6 5z"
          act={() => app.goTo(start)}
          off={isEmpty}
        />
        <Button
          label="One event back ( [ )"
          path="M10 2l-6 5l6 5z"
          act={() => app.step(-1)}
          off={isEmpty}
        />
        <Button
          label={player.isPlaying ? "Pause (Space)" : "Play (Space)"}
          path={player.isPlaying ? "M4 2v10M10 2v10" : "M4 2l8 5l-8 5z"}
          act={() => (player.isPlaying ? app.pause() : app.play())}
          off={isEmpty}
        />
        <Button
          label="One event on ( ] )"
          path="M4 2l6 5l-6 5z"
          act={() => app.step(1)}
          off={isEmpty}
        />
        <select
          aria-label="Speed"
          value={player.speed}
          onChange={({ currentTarget }) => {
            player.speed = Number(currentTarget.value);
          }}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {speed}×
            </option>
          ))}
        </select>
      </div>
      <div class="track">
        <Incidents app={app} palette={palette} />
        <input
          id="scrub"
          type="range"
          aria-label="Event"
          aria-valuetext={position}
          min={start}
          max={Math.max(end, start)}
          step={1}
          value={isLive ? end : (app.place.at ?? end)}
          disabled={isEmpty}
          onInput={({ currentTarget }) => app.goTo(Number(currentTarget.value))}
        />
      </div>
      <output
        class="moment"
        data-seq={seq}
        data-settled={isLive || seq === Math.min(Math.max(app.place.at ?? 0, start), end)}
      >
        <b>{grouped(seq)}</b> <span>of {grouped(end)}</span>
        <time>
          {state.at > 0 && <span class="day">{day(state.at)} </span>}
          {state.at > 0 ? timeOfDay(isLive ? app.at : state.at) : "–"}
        </time>
      </output>
      <button
        type="button"
        class="go-live"
        aria-pressed={isLive}
        onClick={() => app.goTo(undefined)}
      >
        {now}
      </button>
    </footer>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly path: string;
  readonly act: () => void;
  readonly off: boolean;
}

function Button({ label, path, act, off }: ButtonProps) {
  return (
    <button
      type="button"
      class="icon"
      aria-label={label}
      title={label}
      disabled={off}
      onClick={act}
    >
      <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}

/** Where something went wrong, over all events. Drawn anew only when that is more. */
function Incidents({ app, palette }: { readonly app: App; readonly palette: Palette }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { model } = app;
  const { start = 0, end = 0 } = model?.timeline ?? {};
  // Less than a pixel of difference is not worth a drawing.
  const step = Math.ceil((end - start) / 600) || 1;
  const drawn = Math.floor(end / step);
  useLayoutEffect(() => {
    const node = canvas.current;
    const context = node?.getContext("2d");
    if (!node || !context || !model) return;
    node.width = 800;
    node.height = 6;
    context.fillStyle = palette.expired;
    let last = -1;
    for (const seq of model.incidents) {
      const x = Math.floor(((seq - start) / Math.max(1, end - start)) * 799);
      if (x > last) context.fillRect(x, 0, 1.5, 6);
      last = Math.max(last, x);
    }
  }, [drawn, model, palette]);
  return <canvas ref={canvas} class="incidents" />;
}
