import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { cx } from "../../lib/cx";
import { recall, remember } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { isCurrent, type RailEntry } from "./rails";

const rowClass = "flex h-8 w-full items-center gap-2.5 rounded px-2 text-base";

function RailLink({ entry, current, slim }: { entry: RailEntry; current: boolean; slim: boolean }) {
  const link = (
    <Link href={entry.href} aria-current={current ? "page" : undefined} aria-label={slim ? entry.label : undefined}
      className={cx(rowClass, slim && "justify-center", current ? "bg-surface font-medium text-ink shadow-[0_0_0_1px_var(--line)]" : "text-ink-2 hover:bg-hover hover:text-ink")}>
      <Icon name={entry.icon} className={cx("size-4", current && "text-accent-text")} />
      {slim ? null : entry.label}
    </Link>
  );
  return slim ? <Tooltip side="right" text={entry.label}>{link}</Tooltip> : link;
}

type RailProps = { label: string; entries: RailEntry[]; top: (slim: boolean) => ReactNode; bottom: (slim: boolean) => ReactNode; onSearch: () => void };

/** The left rail: where one is, where one can go; its width is remembered. */
export function Rail({ label, entries, top, bottom, onSearch }: RailProps) {
  const [slim, setSlim] = useState(() => recall("rail-slim", false));
  const [path] = useLocation();
  const fold = () => {
    remember("rail-slim", !slim);
    setSlim(!slim);
  };
  return (
    <aside className={cx("no-print sticky top-0 hidden h-dvh shrink-0 flex-col gap-3 border-r border-line bg-sunken p-2.5 md:flex", slim ? "w-[53px]" : "w-[228px]")}>
      {top(slim)}
      <button type="button" onClick={onSearch} aria-label={slim ? "Search (Ctrl K)" : undefined} aria-keyshortcuts="Control+K Meta+K"
        className={cx("flex h-8 items-center gap-2.5 rounded border border-line bg-surface px-2 text-sm text-ink-3 hover:border-line-strong", slim && "justify-center border-transparent bg-transparent")}>
        <Icon name="search" className="size-4" />
        {slim ? null : <><span>Search</span><kbd className="ml-auto text-xs">{navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"}</kbd></>}
      </button>
      <nav aria-label={label} className="flex flex-1 flex-col gap-0.5 overflow-y-auto p-px">
        {entries.map((entry) => <RailLink key={entry.href} entry={entry} current={isCurrent(entry, path)} slim={slim} />)}
      </nav>
      <div className="flex flex-col gap-0.5 border-t border-line pt-2.5">
        {bottom(slim)}
        <button type="button" onClick={fold} aria-expanded={!slim} aria-label={slim ? "Widen the menu" : "Narrow the menu"} className={cx(rowClass, "text-ink-3 hover:bg-hover hover:text-ink", slim && "justify-center")}>
          <Icon name="panel" className="size-4" />{slim ? null : "Narrow"}
        </button>
      </div>
    </aside>
  );
}

/** A phone's rail: four entries at the thumb, the rest behind the last. */
export function BottomBar({ entries, more }: { entries: RailEntry[]; more: ReactNode }) {
  const [path] = useLocation();
  return (
    <nav aria-label="Main" className="no-print fixed inset-x-0 bottom-0 z-40 grid grid-cols-4 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden">
      {entries.slice(0, 3).map((entry) => {
        const current = isCurrent(entry, path);
        return (
          <Link key={entry.href} href={entry.href} aria-current={current ? "page" : undefined} className={cx("flex h-14 flex-col items-center justify-center gap-0.5 text-xs", current ? "font-medium text-accent-text" : "text-ink-2")}>
            <Icon name={entry.icon} className="size-5" />{entry.label}
          </Link>
        );
      })}
      {more}
    </nav>
  );
}
