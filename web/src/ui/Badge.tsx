import type { ReactNode } from "react";
import { cx } from "../lib/cx";
import { Ago } from "./DateTime";
import type { Tone } from "./Notice";

const dots: Record<Tone, string> = {
  neutral: "bg-line-strong", good: "bg-good-dot", warn: "bg-warn-dot", bad: "bg-bad-dot", info: "bg-info-dot", accent: "bg-accent",
};
const words: Record<Tone, string> = {
  neutral: "text-ink-2", good: "text-good", warn: "text-warn", bad: "text-bad", info: "text-info", accent: "text-accent-text",
};
const fills: Record<Tone, string> = {
  neutral: "bg-sunken", good: "bg-good-soft", warn: "bg-warn-soft", bad: "bg-bad-soft", info: "bg-info-soft", accent: "bg-accent-soft",
};

export type StateLook = { word: string; tone: Tone; moving?: boolean };

/** A state as a dot and its word; one that will pass pulses and can say since when. */
export function StateBadge({ look, since }: { look: StateLook; since?: string | null }) {
  return (
    <span className={cx("inline-flex items-center gap-1.5 whitespace-nowrap", words[look.tone])}>
      <span className={cx("size-2 shrink-0 rounded-full", dots[look.tone], look.moving && "animate-dot")} />
      {look.word}
      {since ? <span className="text-ink-3"><Ago at={since} /></span> : null}
    </span>
  );
}

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={cx("inline-flex items-center rounded px-1.5 py-px text-xs font-medium whitespace-nowrap", words[tone], fills[tone])}>{children}</span>;
}
