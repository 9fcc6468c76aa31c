import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { cx } from "../lib/cx";
import { useUrl } from "../lib/url";

const tabClass = "-mb-px inline-flex h-9 pointer-coarse:h-11 items-center border-b-2 text-base whitespace-nowrap";
const barClass = "no-print relative mb-5 flex gap-6 overflow-x-auto overflow-y-hidden border-b border-line";
const on = "border-accent font-medium text-ink";
const off = "border-transparent text-ink-2 hover:border-line-strong hover:text-ink";

/** On a phone the open one is brought into the bar's view, without moving the page. */
function intoView(tab: HTMLElement | null): void {
  const bar = tab?.parentElement;
  if (tab && bar) bar.scrollLeft = tab.offsetLeft - (bar.clientWidth - tab.clientWidth) / 2;
}

/** Tabs of one page; the open one stands in the address as ?tab=. */
export function Tabs({ label, tabs }: { label: string; tabs: { id: string; label: string; content: ReactNode }[] }) {
  const [params, change] = useUrl();
  const first = tabs[0]?.id ?? "";
  const asked = params.get("tab") ?? first;
  const open = tabs.some((tab) => tab.id === asked) ? asked : first;
  return (
    <Radix.Root value={open} onValueChange={(tab) => change({ tab: tab === first ? null : tab }, { replace: false })}>
      <Radix.List aria-label={label} className={barClass}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.id} ref={tab.id === open ? intoView : undefined} value={tab.id} className={cx(tabClass, tab.id === open ? on : off)}>{tab.label}</Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => <Radix.Content key={tab.id} value={tab.id} className="outline-none">{tab.content}</Radix.Content>)}
    </Radix.Root>
  );
}

/** Neighbouring pages drawn as tabs; each has its own path. */
export function PageTabs({ label, current, tabs }: { label: string; current: string; tabs: { href: string; label: string }[] }) {
  return (
    <nav aria-label={label} className={barClass}>
      {tabs.map((tab) => (
        <Link key={tab.href} ref={tab.href === current ? intoView : undefined} href={tab.href} aria-current={tab.href === current ? "page" : undefined} className={cx(tabClass, tab.href === current ? on : off)}>{tab.label}</Link>
      ))}
    </nav>
  );
}
