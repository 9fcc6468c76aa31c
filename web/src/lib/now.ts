import { useSyncExternalStore } from "react";

// One timer for every relative time on the page.
let ahead = 0;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: number | undefined;

function tick(): void {
  now = Date.now() + ahead;
  for (const each of listeners) each();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  timer ??= window.setInterval(tick, 15_000);
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** A sandbox's company may be ahead of this machine: what was "in a week" may be over there. */
export function setAhead(seconds: number): void {
  if (seconds * 1000 === ahead) return;
  ahead = seconds * 1000;
  tick();
}
