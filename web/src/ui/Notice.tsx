import type { ReactNode } from "react";
import { cx } from "../lib/cx";
import { Icon, type IconName } from "./Icon";

export type Tone = "neutral" | "good" | "warn" | "bad" | "info" | "accent";

const tones: Record<Tone, string> = {
  neutral: "bg-sunken text-ink-2", good: "bg-good-soft text-good", warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad", info: "bg-info-soft text-info", accent: "bg-accent-soft text-accent-text",
};
const icons: Record<Tone, IconName> = { neutral: "help", good: "check", warn: "alert", bad: "alert", info: "help", accent: "help" };

/** A sentence that must be seen where it stands, with what one can do about it. */
export function Notice({ tone = "info", title, children, action, role, requestId }: {
  tone?: Tone; title?: string; children?: ReactNode; action?: ReactNode; role?: "alert" | "status"; requestId?: string | null;
}) {
  return (
    <div role={role} className={cx("flex flex-wrap items-start gap-x-3 gap-y-2 rounded px-3 py-2.5", tones[tone])}>
      <Icon name={icons[tone]} className="mt-0.5 size-4" />
      <div className="min-w-0 flex-1 basis-48">
        {title ? <p className="font-semibold">{title}</p> : null}
        {children ? <div className={title ? "text-sm text-ink-2" : ""}>{children}</div> : null}
        {requestId ? <p className="mt-1 text-xs text-ink-3">Request <code>{requestId}</code></p> : null}
      </div>
      {action ? <div className="flex shrink-0 gap-2">{action}</div> : null}
    </div>
  );
}
