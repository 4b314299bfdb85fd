/** All panels in their places, the keys of the page, and files that are dropped or pasted. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { App } from "../app/app.js";
import { onPageKey } from "../app/keys.js";
import { paletteOf } from "../app/palette.js";
import { loadTheme, saveTheme, type Theme } from "../app/preferences.js";
import { Acquisition } from "./acquisition.js";
import { Header } from "./header.js";
import { Help } from "./help.js";
import { History } from "./history.js";
import { Lanes } from "./lanes.js";
import { Scrubber } from "./scrubber.js";
import { Semaphores } from "./semaphores.js";
import { TokenForm } from "./token-form.js";

interface Props {
  readonly app: App;
  readonly onFile: (blob: Blob, name: string) => void;
  readonly onToken: (token: string) => void;
}

const NEXT: Readonly<Record<Theme, Theme>> = { auto: "light", light: "dark", dark: "auto" };

export function Page({ app, onFile, onToken }: Props) {
  const [theme, setTheme] = useState(loadTheme);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const systemDark = useSystemDark();
  const chooser = useRef<HTMLInputElement>(null);
  document.documentElement.dataset.theme = theme;
  const palette = useMemo(paletteOf, [theme, systemDark]);
  const nextTheme = () => {
    setTheme((last) => {
      saveTheme(NEXT[last]);
      return NEXT[last];
    });
  };
  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const help = () => setHelpOpen((isOpen) => !isOpen);
    addEventListener("keydown", (event) => onPageKey(app, event, { help, theme: nextTheme }), {
      signal,
    });
    takeFiles(onFile, signal);
    return () => stopping.abort();
  }, []);
  const isRefused = app.link.state === "refused";
  return (
    <>
      <Header
        app={app}
        theme={theme}
        onTheme={nextTheme}
        onOpen={() => chooser.current?.click()}
        onHelp={() => setHelpOpen(true)}
      />
      <input
        ref={chooser}
        class="hidden"
        type="file"
        tabIndex={-1}
        aria-label="Exported history"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) onFile(file, file.name);
          currentTarget.value = "";
        }}
      />
      {isRefused && "message" in app.link ? (
        <TokenForm message={app.link.message} onToken={onToken} />
      ) : (
        <main>
          <Semaphores app={app} />
          <Lanes app={app} palette={palette} />
          <History app={app} />
          <Acquisition app={app} />
        </main>
      )}
      <Scrubber app={app} palette={palette} />
      <Help isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </>
  );
}

function useSystemDark(): boolean {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const [isDark, setDark] = useState(query.matches);
  useEffect(() => {
    const tell = () => setDark(query.matches);
    query.addEventListener("change", tell);
    return () => query.removeEventListener("change", tell);
  }, []);
  return isDark;
}

/** What is dropped on the page, or pasted anywhere but into a field. */
function takeFiles(onFile: Props["onFile"], signal: AbortSignal): void {
  addEventListener("dragover", (event) => event.preventDefault(), { signal });
  addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) onFile(file, file.name);
    },
    { signal },
  );
  addEventListener(
    "paste",
    (event) => {
      if (event.target instanceof HTMLInputElement) return;
      const file = event.clipboardData?.files[0];
      const text = event.clipboardData?.getData("text/plain");
      if (file) onFile(file, file.name);
      else if (text) onFile(new Blob([text]), "what was pasted");
    },
    { signal },
  );
}
