import { useSyncExternalStore } from "react";
import { cx } from "../lib/cx";
import { sayError } from "../lib/errors";
import { IconButton } from "./Button";
import { Icon } from "./Icon";

type Toast = { id: number; text: string; tone: "good" | "bad" };

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: Toast[]): void {
  toasts = next;
  for (const tell of listeners) tell();
}

export function toast(text: string, tone: Toast["tone"] = "good"): void {
  const id = ++last;
  set([...toasts.slice(-2), { id, text, tone }]);
  window.setTimeout(() => set(toasts.filter((each) => each.id !== id)), tone === "bad" ? 9000 : 4000);
}

export function toastError(error: unknown): void {
  toast(sayError(error), "bad");
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => toasts,
  );
  return (
    <div aria-live="polite" className="pointer-events-none fixed inset-x-4 bottom-20 z-50 flex flex-col items-center gap-2 md:inset-x-auto md:right-6 md:bottom-6 md:items-end">
      {shown.map((each) => (
        <div key={each.id} className="pointer-events-auto flex max-w-md items-center gap-2.5 rounded border border-line bg-surface py-1 pr-1 pl-3 shadow-lift animate-rise">
          <Icon name={each.tone === "good" ? "check" : "alert"} className={cx("size-4", each.tone === "good" ? "text-good" : "text-bad")} />
          <span className="py-1.5">{each.text}</span>
          <IconButton icon="cross" label="Dismiss" onClick={() => set(toasts.filter((other) => other.id !== each.id))} />
        </div>
      ))}
    </div>
  );
}
