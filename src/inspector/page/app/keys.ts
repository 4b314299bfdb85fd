/** Keys that work wherever one is in the page, unless a field or a list has its own use for them. */

import type { App } from "./app.js";

export interface PageKeys {
  help(): void;
  theme(): void;
}

export function onPageKey(app: App, event: KeyboardEvent, { help, theme }: PageKeys): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (event.key === "Escape") letGo(app, target);
  if (event.key === "Escape" || isField(target)) return;
  // A button that has the focus is pressed by Space.
  if (event.key === " " && target instanceof HTMLButtonElement) return;
  const act = actionOf(app, event.key, { help, theme });
  if (act === undefined) return;
  event.preventDefault();
  act();
}

function actionOf(app: App, key: string, { help, theme }: PageKeys): (() => void) | undefined {
  switch (key) {
    case " ":
      return () => (app.player.isPlaying ? app.pause() : app.play());
    case "[":
      return () => app.step(-1);
    case "]":
      return () => app.step(1);
    case "l":
      return () => app.goTo(undefined);
    case "/":
      return () => document.getElementById("search")?.focus();
    case "?":
      return help;
    case "t":
      return theme;
  }
  return undefined;
}

/** Leaves a field, or lets go of what is chosen. An open dialog closes by itself. */
function letGo(app: App, target: EventTarget | null): void {
  if (document.querySelector("dialog[open]")) return;
  if (isField(target) && target instanceof HTMLElement) target.blur();
  else if (app.place.acquisition !== undefined) app.choose(undefined);
  else app.look({ semaphore: undefined });
}

/** The slider of time is none: it has no use for letters. */
function isField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement)
    return target.type !== "range" && target.type !== "checkbox";
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
