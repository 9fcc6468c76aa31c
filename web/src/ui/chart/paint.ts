import { useMemo, useSyncExternalStore } from "react";

const names = ["--accent-text", "--warn-dot", "--good-dot", "--info-dot", "--bad-dot", "--ink", "--ink-3", "--line", "--surface"] as const;
export type Paint = Record<(typeof names)[number], string>;

function read(): string {
  const style = getComputedStyle(document.documentElement);
  return names.map((name) => style.getPropertyValue(name).trim()).join("|");
}

function subscribe(tell: () => void): () => void {
  const watcher = new MutationObserver(tell);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "style"] });
  return () => watcher.disconnect();
}

/** The theme's colours as a canvas needs them; they change with the theme and the brand. */
export function usePaint(): Paint {
  const known = useSyncExternalStore(subscribe, read);
  return useMemo(() => {
    const colours = known.split("|");
    return Object.fromEntries(names.map((name, at) => [name, colours[at] ?? ""])) as Paint;
  }, [known]);
}
