import type { PolicyShown } from "../../api/adminRenewals";
import { cx } from "../../lib/cx";
import { dayWords } from "./words";

type Row = { day: number; texts: string[] };

function byDay(policy: PolicyShown): Row[] {
  const rows: Row[] = [];
  for (const { day, text } of policy.timeline) {
    const last = rows.at(-1);
    if (last?.day === day) last.texts.push(text);
    else rows.push({ day, texts: [text] });
  }
  return rows;
}

/** A policy from the invoice to the end, in days counted from the day the invoice is due. */
export function PolicyLine({ policy }: { policy: PolicyShown }) {
  const rows = byDay(policy);
  return (
    <ol aria-label={`Timeline of ${policy.terms.name ?? "the policy"}`}>
      {rows.map(({ day, texts }, at) => (
        <li key={day} className="relative flex gap-3 pb-3 last:pb-0">
          <span className={cx("w-28 shrink-0 text-right text-sm", day === 0 ? "font-medium text-ink" : "text-ink-3")}>{dayWords(day)}</span>
          <span aria-hidden="true" className="relative w-2 shrink-0">
            <span className={cx("absolute top-1.5 left-0 size-2 rounded-full", day === 0 ? "bg-accent" : "bg-line-strong")} />
            {at < rows.length - 1 ? <span className="absolute top-4 -bottom-4 left-[3.5px] w-px bg-line" /> : null}
          </span>
          <span className="min-w-0">{texts.map((text) => <span key={text} className="block">{text}</span>)}</span>
        </li>
      ))}
    </ol>
  );
}
