import type { ReactNode } from "react";
import { cx } from "../lib/cx";

/** A part of a page with its own heading; a thin line, never a box in a box. */
export function Section({ title, aside, children, className, flush, id }: {
  title?: ReactNode; aside?: ReactNode; children: ReactNode; className?: string; flush?: boolean; id?: string;
}) {
  return (
    <section id={id} className={cx("min-w-0 rounded border border-line bg-surface", className)}>
      {title ? (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 gap-y-1 border-b border-line px-4 py-1.5">
          <h2 className="text-base font-semibold">{title}</h2>
          {aside}
        </header>
      ) : null}
      <div className={flush ? "" : "p-4"}>{children}</div>
    </section>
  );
}

/** Facts as pairs of name and value. */
export function Facts({ items, columns = 1 }: { items: [string, ReactNode][]; columns?: 1 | 2 }) {
  return (
    <dl className={cx("-my-1.5 grid gap-x-8", columns === 2 && "md:grid-cols-2 md:[&>div:nth-last-child(2)]:border-0")}>
      {items.map(([name, value]) => (
        <div key={name} className="flex min-h-9 items-center justify-between gap-4 border-b border-line py-1.5 last:border-0">
          <dt className="shrink-0 text-ink-3">{name}</dt>
          <dd className="min-w-0 text-right wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
