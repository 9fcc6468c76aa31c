import { useSyncExternalStore } from "react";
import { recall, remember } from "./store";

const listeners = new Set<() => void>();
let masked = recall("mask-addresses", false);

function apply(): void {
  document.documentElement.toggleAttribute("data-masked", masked);
}

/** Whether addresses and commands are blurred in this browser, for screenshots. */
export function setMasked(next: boolean): void {
  masked = next;
  remember("mask-addresses", next);
  apply();
  for (const tell of listeners) tell();
}

export function useMasked(): boolean {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, () => masked);
}

apply();
