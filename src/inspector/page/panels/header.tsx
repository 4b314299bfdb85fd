/** The head of the page: what is shown, how it comes, and the tools that are always there. */

import type { App } from "../app/app.js";
import type { Connection } from "../app/feed.js";
import type { Theme } from "../app/preferences.js";
import { visible } from "../model/format.js";

interface Props {
  readonly app: App;
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onOpen: () => void;
  readonly onHelp: () => void;
}

export function Header({ app, theme, onTheme, onOpen, onHelp }: Props) {
  const { header, link } = app;
  return (
    <header class="top">
      <h1>
        <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
          <rect width="16" height="16" rx="4" />
          <path d="M3 5h6M5 8h8M3 11h4" />
        </svg>
        slotstream
      </h1>
      {header && (
        <span class="source">
          <b>{header.name === "" ? header.source : visible(header.name)}</b>
          <span class="kind">{header.source}</span>
        </span>
      )}
      <Link app={app} link={link} />
      <span class="tools">
        <button
          type="button"
          class="tool"
          onClick={onOpen}
          title="Open an exported history (or drop, or paste it)"
        >
          Open …
        </button>
        <button
          type="button"
          class="tool"
          onClick={onTheme}
          title="Colours ( t )"
          aria-label={`Colours: ${theme}`}
        >
          {theme === "auto" ? "Auto" : theme === "light" ? "Light" : "Dark"}
        </button>
        <button type="button" class="tool" onClick={onHelp} title="Keys ( ? )" aria-label="Keys">
          ?
        </button>
      </span>
    </header>
  );
}

function Link({ app, link }: { readonly app: App; readonly link: Connection }) {
  const message = "message" in link ? link.message : "";
  return (
    <span class={`link ${link.state}`} role="status" data-link={link.state} title={message}>
      <i aria-hidden="true" />
      <b>{wordFor(link, app.resumptions)}</b>
      {message !== "" && <span class="message">{message}</span>}
    </span>
  );
}

function wordFor({ state }: Connection, resumptions: number): string {
  switch (state) {
    case "live":
      return resumptions > 0
        ? `Live, resumed ${resumptions === 1 ? "once" : `${resumptions} times`}`
        : "Live";
    case "connecting":
      return "Reading …";
    case "ended":
      return "Read to its end";
    case "none":
      return "Nothing opened";
    case "trouble":
      return "Trouble";
    case "lost":
      return "Disconnected, trying again";
    case "refused":
      return "Refused";
    case "damaged":
      return "Damaged";
  }
}
