import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { cx } from "../lib/cx";
import { Icon, type IconName } from "./Icon";

export type MenuItem =
  | { kind?: "action"; label: string; icon?: IconName; onSelect: () => void; danger?: boolean; disabledReason?: string | undefined; checked?: boolean; hint?: string }
  | { kind: "link"; label: string; icon?: IconName; href: string; checked?: boolean; hint?: string }
  | { kind: "label"; label: string }
  | { kind: "line"; label: string };

const itemClass =
  "flex min-h-8 pointer-coarse:min-h-10 w-full items-center gap-2.5 rounded-[4px] px-2 text-base outline-none select-none data-highlighted:bg-hover data-disabled:text-ink-3";

function Entry({ item }: { item: MenuItem }) {
  if (item.kind === "line") return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
  if (item.kind === "label") return <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-xs text-ink-3">{item.label}</DropdownMenu.Label>;
  const inner = (
    <>
      {item.icon ? <Icon name={item.icon} className="size-4 text-ink-3" /> : null}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{item.label}</span>
        {item.kind !== "link" && item.disabledReason ? <span className="block text-xs text-ink-3">{item.disabledReason}</span> : null}
        {item.hint ? <span className="block truncate text-xs text-ink-3">{item.hint}</span> : null}
      </span>
      {item.checked ? <Icon name="check" className="size-4 text-accent-text" /> : null}
    </>
  );
  if (item.kind === "link") {
    return <DropdownMenu.Item asChild><Link href={item.href} className={itemClass}>{inner}</Link></DropdownMenu.Item>;
  }
  return (
    <DropdownMenu.Item disabled={Boolean(item.disabledReason)} onSelect={item.onSelect} className={cx(itemClass, "py-1", item.danger && "text-bad")}>{inner}</DropdownMenu.Item>
  );
}

/** Not modal: Radix's scroll lock would inject a style element, which our content policy forbids. */
export function Menu({ trigger, items, align = "end", side = "bottom" }: {
  trigger: ReactNode; items: MenuItem[]; align?: "start" | "end"; side?: "top" | "bottom" | "right";
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} side={side} sideOffset={4} collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-52 animate-appear overflow-y-auto rounded border border-line bg-surface p-1 shadow-lift">
          {items.map((item) => <Entry key={`${item.kind ?? "action"}-${item.label}`} item={item} />)}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
