import type { ReactNode } from "react";
import { cx } from "../lib/cx";
import { Ago } from "./DateTime";
import { Icon } from "./Icon";
import { Spinner } from "./Spinner";

export type TimelineStep = { key: string; title: string; state: "done" | "current" | "waiting" | "failed"; at?: string | null; detail?: ReactNode };

function Mark({ state }: { state: TimelineStep["state"] }) {
  const face = {
    done: "bg-good-dot text-surface", current: "bg-accent-soft text-accent-text ring-1 ring-accent-text", waiting: "bg-sunken ring-1 ring-line", failed: "bg-bad-dot text-surface",
  }[state];
  return (
    <span className={cx("grid size-6 shrink-0 place-items-center rounded-full", face)}>
      {state === "done" ? <Icon name="check" className="size-3.5" /> : state === "failed" ? <Icon name="cross" className="size-3.5" /> : state === "current" ? <Spinner className="size-3.5" /> : null}
    </span>
  );
}

const spoken = { done: "done", current: "under way", waiting: "waiting", failed: "failed" };

/** Steps from top to bottom, as they happen. */
export function Timeline({ label, steps }: { label: string; steps: TimelineStep[] }) {
  return (
    <ol aria-label={label} aria-live="polite">
      {steps.map((step, at) => (
        <li key={step.key} aria-current={step.state === "current" ? "step" : undefined} className="relative flex gap-3.5 pb-5 last:pb-0">
          {at < steps.length - 1 ? <span aria-hidden="true" className={cx("absolute top-6 bottom-0 left-[11.5px] w-px", step.state === "done" ? "bg-good-dot" : "bg-line")} /> : null}
          <Mark state={step.state} />
          <div className="min-w-0 flex-1 pt-0.5">
            <p className="flex items-baseline justify-between gap-3">
              <span className={cx("font-medium", step.state === "waiting" && "font-normal text-ink-3", step.state === "failed" && "text-bad")}>
                {step.title}<span className="sr-only">: {spoken[step.state]}</span>
              </span>
              {step.at ? <span className="text-sm text-ink-3"><Ago happened at={step.at} /></span> : null}
            </p>
            {step.detail ? <div className={cx("mt-0.5 text-sm", step.state === "failed" ? "text-bad" : "text-ink-3")}>{step.detail}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** What happened, newest first, as a quiet list. */
export function Happenings({ label, items }: { label: string; items: { key: string; at: string; text: ReactNode; actor?: ReactNode }[] }) {
  return (
    <ol aria-label={label} className="space-y-3.5">
      {items.map((item) => (
        <li key={item.key} className="relative pl-4 before:absolute before:top-[7px] before:left-0 before:size-1.5 before:rounded-full before:bg-line-strong">
          <p className="break-words">{item.text}</p>
          <p className="text-sm text-ink-3">{item.actor ? <>{item.actor} · </> : null}<Ago happened at={item.at} /></p>
        </li>
      ))}
    </ol>
  );
}
