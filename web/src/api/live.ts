import { useEffect, useSyncExternalStore } from "react";
import { queryClient } from "./query";

export type LiveState = "connecting" | "live" | "lost";

const touches: Record<string, string[]> = {
  order: ["orders", "invoices", "home"],
  invoice: ["invoices", "services", "orders", "wallet", "home"],
  payment: ["payments", "invoices", "wallet", "transactions", "orders"],
  method: ["saved-methods"],
  credit: ["wallet", "invoices"],
  subscription: ["subscriptions"],
  refund: ["payments"],
  dispute: ["disputes"],
  server: ["servers", "orders", "home", "work"],
  service: ["services", "servers", "billing-run", "home"],
  task: ["servers", "bulk", "work"],
  bulk: ["bulk"],
  import: ["imports"],
  look: ["consoles"],
  metrics: ["metrics"],
  traffic: ["traffic", "wallet"],
  alert: ["alerts", "home"],
  hook: ["hooks"],
  sight: ["servers"],
  account: ["accounts", "me", "wallet", "customers"],
  job: ["jobs", "home"],
  difference: ["ledger", "home"],
  clock: ["clock", "billing-run", "brand"],
  gate: ["billing-run"],
  capacity: ["hypervisors"],
  finding: ["health", "findings", "reconciliation"],
};

let state: LiveState = "connecting";
const listeners = new Set<() => void>();
let pending = new Set<string>();
let flush: number | undefined;

function setState(next: LiveState): void {
  state = next;
  for (const tell of listeners) tell();
}

/** Several messages of one transaction become one refetch. */
function refetch(roots: string[]): void {
  for (const root of roots) pending.add(root);
  flush ??= window.setTimeout(() => {
    const now = pending;
    pending = new Set();
    flush = undefined;
    void queryClient.invalidateQueries({
      predicate: ({ queryKey }) => now.has(String(queryKey[0])) || (queryKey[0] === "admin" && now.has(String(queryKey[1]))),
    });
  }, 120);
}

function hear(text: string): void {
  try {
    const message = JSON.parse(text) as { kind?: string };
    if (message.kind) refetch(touches[message.kind] ?? []);
  } catch {
    // A line that is not ours tells us nothing to refetch.
  }
}

/** Keeps one event stream open while its layout is shown; it carries only "refetch", never content. */
export function useLiveStream(enabled: boolean): void {
  // The stream is an outside connection that must be opened and closed with the layout.
  useEffect(() => {
    if (!enabled) return;
    let source: EventSource | null = null;
    let again: number | undefined;
    let wait = 1000;
    let seen = false;
    const open = () => {
      source = new EventSource("/api/v1/stream", { withCredentials: true });
      source.addEventListener("hello", () => {
        wait = 1000;
        setState("live");
        if (seen) void queryClient.invalidateQueries();
        seen = true;
      });
      source.addEventListener("open", () => setState("live"));
      source.addEventListener("message", (event: MessageEvent<string>) => hear(event.data));
      source.addEventListener("error", () => {
        setState("lost");
        if (source?.readyState !== EventSource.CLOSED) return;
        again = window.setTimeout(open, wait);
        wait = Math.min(wait * 2, 30_000);
      });
    };
    open();
    return () => {
      clearTimeout(again);
      source?.close();
      setState("connecting");
    };
  }, [enabled]);
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => state,
  );
}
