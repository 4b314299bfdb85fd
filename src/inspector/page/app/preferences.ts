/** What the browser remembers: the colours, and for this tab alone the token. Works without storage, too. */

export type Theme = "auto" | "light" | "dark";

export function loadTheme(): Theme {
  const theme = read(() => localStorage.getItem("slotstream.theme"));
  return theme === "light" || theme === "dark" ? theme : "auto";
}

export function saveTheme(theme: Theme): void {
  read(() => localStorage.setItem("slotstream.theme", theme));
}

/** The name that actions are recorded under. */
export function loadWho(): string {
  return read(() => localStorage.getItem("slotstream.who")) ?? "";
}

export function saveWho(who: string): void {
  read(() => localStorage.setItem("slotstream.who", who));
}

export function loadToken(): string | undefined {
  return read(() => sessionStorage.getItem("slotstream.token")) ?? undefined;
}

export function saveToken(token: string): void {
  read(() => sessionStorage.setItem("slotstream.token", token));
}

/** Storage may be forbidden. */
function read<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
