import { useSyncExternalStore } from "react";

// One timer for every relative time on the page.
let now = Date.now();
const listeners = new Set<() => void>();
let timer: number | undefined;

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 15_000);
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
