import { useSyncExternalStore } from "react";
import { accentSet } from "./colour";
import { recall, remember } from "./store";

export type ThemeChoice = "light" | "dark" | "system";

const listeners = new Set<() => void>();
const darkMedia = matchMedia("(prefers-color-scheme: dark)");

function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem("theme");
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

let choice: ThemeChoice = readChoice();

function apply(): void {
  const dark = choice === "dark" || (choice === "system" && darkMedia.matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? "dark" : "light";
  const accent = recall<ReturnType<typeof accentSet>>("accent", null);
  for (const [name, value] of Object.entries((dark ? accent?.dark : accent?.light) ?? {})) root.style.setProperty(name, value);
  for (const tell of listeners) tell();
}

darkMedia.addEventListener("change", apply);

export function setTheme(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // The choice then lasts as long as the page.
  }
  apply();
}

export function useTheme(): ThemeChoice {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => choice,
  );
}

/** Takes the brand's colour into both themes and remembers it for the next first paint. */
export function setAccent(hex: string): void {
  const next = accentSet(hex);
  if (!next) return;
  remember("accent", next);
  apply();
}
