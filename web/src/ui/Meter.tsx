import { cx } from "../lib/cx";

/** So much of so much as a bar; without an end there is no bar, only the figure. */
export function Meter({ label, used, most, say, note, plain }: { label: string; used: number; most: number | null; say: (value: number) => string; note?: string; plain?: boolean }) {
  const share = most === null || most <= 0 ? null : Math.min(1, Math.max(0, used / most));
  const fill = share === null ? "" : plain ? "bg-accent" : share >= 0.95 ? "bg-bad-dot" : share >= 0.8 ? "bg-warn-dot" : "bg-accent";
  const words = most === null ? `${say(used)}, no limit` : `${say(used)} of ${say(most)}`;
  return (
    <div className="min-w-0">
      <p className="flex items-baseline justify-between gap-3 text-sm">
        <span className="min-w-0 truncate text-ink-2">{label}</span>
        <span className="num shrink-0 text-ink-3">{words}{share === null ? "" : `, ${Math.round(share * 100)} %`}</span>
      </p>
      {share === null ? null : (
        <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} aria-valuetext={words} className="mt-1 h-1.5 overflow-hidden rounded bg-sunken">
          <div className={cx("h-full", fill)} style={{ width: `${share * 100}%` }} />
        </div>
      )}
      {note ? <p className="mt-0.5 text-sm text-ink-3">{note}</p> : null}
    </div>
  );
}
