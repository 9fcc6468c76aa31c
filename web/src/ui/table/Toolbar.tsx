import { type ReactNode, useEffect, useState } from "react";
import { useUrl } from "../../lib/url";
import { IconButton } from "../Button";
import { Input } from "../controls";
import { Icon } from "../Icon";
import { Menu, type MenuItem } from "../Menu";
import { Button } from "../Button";
import type { Column, Filter } from "./columns";

function Search({ label }: { label: string }) {
  const [params, change] = useUrl();
  const asked = params.get("q") ?? "";
  const [text, setText] = useState(asked);
  const [before, setBefore] = useState(asked);
  if (asked !== before) {
    setBefore(asked);
    if (asked !== text.trim()) setText(asked);
  }
  // Typing waits a moment before it asks the server.
  useEffect(() => {
    if (text.trim() === asked) return;
    const timer = setTimeout(() => change({ q: text.trim() || null, cursor: null }), 250);
    return () => clearTimeout(timer);
  }, [text, asked, change]);
  return (
    <span className="relative min-w-0 flex-1 md:w-64 md:flex-none">
      <Icon name="search" className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3" />
      <Input type="search" aria-label={label} placeholder={label} value={text} onChange={(event) => setText(event.target.value)} className="pl-8" />
    </span>
  );
}

function Chip({ label, value, onRemove }: { label: string; value: string; onRemove: () => void }) {
  return (
    <button type="button" onClick={onRemove} aria-label={`Remove filter ${label}: ${value}`}
      className="inline-flex h-7 items-center gap-1.5 rounded border border-line bg-accent-soft pr-1.5 pl-2 text-sm text-accent-text hover:border-line-strong">
      <span><span className="opacity-75">{label}</span> {value}</span><Icon name="cross" className="size-3" />
    </button>
  );
}

type ToolbarProps<T> = {
  search?: string | undefined; filters: Filter[]; columns: Column<T>[]; shown: Column<T>[]; compact: boolean;
  onView: (view: { columns?: string[]; compact?: boolean }) => void; onCsv: () => void; aside?: ReactNode;
};

export function Toolbar<T>({ search, filters, columns, shown, compact, onView, onCsv, aside }: ToolbarProps<T>) {
  const [params, change] = useUrl();
  const keys = shown.map((column) => column.key);
  const filterItems = filters.flatMap((filter): MenuItem[] => [
    { kind: "label", label: filter.label },
    ...filter.options.map((option): MenuItem => ({
      label: option.label, checked: params.get(filter.name) === option.value,
      onSelect: () => change({ [filter.name]: params.get(filter.name) === option.value ? null : option.value, cursor: null }, { replace: false }),
    })),
  ]);
  const viewItems: MenuItem[] = [
    { kind: "label", label: "Columns" },
    ...columns.slice(1).map((column): MenuItem => ({
      label: column.title, checked: keys.includes(column.key),
      onSelect: () => onView({ columns: keys.includes(column.key) ? keys.filter((key) => key !== column.key) : [...keys, column.key] }),
    })),
    { kind: "line", label: "line" },
    { label: "Compact rows", checked: compact, onSelect: () => onView({ compact: !compact }) },
    { label: "Save these rows as CSV", icon: "download", onSelect: onCsv },
  ];
  const chips = filters.flatMap((filter) => {
    const value = params.get(filter.name);
    return value ? [{ filter, value, word: filter.options.find((option) => option.value === value)?.label ?? value }] : [];
  });
  return (
    <div className="no-print mb-3 flex flex-wrap items-center gap-2">
      {search ? <Search label={search} /> : null}
      {filters.length > 0 ? <Menu align="start" trigger={<Button icon="filter">Filter</Button>} items={filterItems} /> : null}
      {chips.map(({ filter, value, word }) => (
        <Chip key={`${filter.name}-${value}`} label={filter.label} value={word} onRemove={() => change({ [filter.name]: null, cursor: null })} />
      ))}
      <span className="ml-auto flex items-center gap-2">
        {aside}
        <Menu trigger={<IconButton icon="columns" label="Columns, density, CSV" />} items={viewItems} />
      </span>
    </div>
  );
}
