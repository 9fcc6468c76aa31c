import { type ReactNode, useCallback, useState } from "react";
import { useLocation } from "wouter";
import { usePhone } from "../../lib/media";
import { useUrl } from "../../lib/url";
import { Button } from "../Button";
import { Skeleton } from "../Skeleton";
import { EmptyState, ErrorState } from "../States";
import type { Column, Filter } from "./columns";
import { saveCsv } from "./columns";
import { Grid, PhoneList } from "./Grid";
import { Toolbar } from "./Toolbar";
import { sorted, useRowKeys, useView } from "./useTable";

type Loaded<T> = { data?: { items: T[]; next: string | null } | undefined; error: unknown; isPending: boolean; refetch: () => unknown };

export type DataTableProps<T> = {
  /** Names the remembered view and the CSV file. */
  name: string; label: string; query: Loaded<T>; columns: Column<T>[]; rowKey: (row: T) => string; rowHref?: (row: T) => string;
  filters?: Filter[]; search?: string; empty: ReactNode; aside?: ReactNode;
  bulk?: (rows: T[], clear: () => void) => ReactNode;
};

const placeholders = ["a", "b", "c", "d", "e", "f"];
const none: Filter[] = [];

function Loading() {
  return (
    <div role="status" aria-label="Loading" className="divide-y divide-line">
      {placeholders.map((key) => <div key={key} className="flex h-10 items-center gap-6 px-4"><Skeleton className="h-3.5 w-40" /><Skeleton className="h-3.5 w-24" /><Skeleton className="ml-auto h-3.5 w-20" /></div>)}
    </div>
  );
}

/** Pages go forward by cursor; each is an entry of the browser's history, so Back is the way back. */
function Pager({ cursor, next, count }: { cursor: string | null; next: string | null; count: number }) {
  const [, change] = useUrl();
  return (
    <footer className="no-print flex min-h-11 items-center justify-between gap-3 border-t border-line px-4 py-1.5 text-sm text-ink-3">
      <span className="num">{count} {count === 1 ? "row" : "rows"}{next || cursor ? " on this page" : ""}</span>
      {next || cursor ? (
        <span className="flex gap-2">
          <Button look="quiet" disabled={!cursor} onClick={() => change({ cursor: null }, { replace: false })}>First page</Button>
          <Button icon="chevronLeft" disabled={!cursor} onClick={() => history.back()}>Back</Button>
          <Button disabled={!next} onClick={() => change({ cursor: next }, { replace: false })}>Next</Button>
        </span>
      ) : null}
    </footer>
  );
}

export function DataTable<T>({ name, label, query, columns, rowKey, rowHref, filters = none, search, empty, aside, bulk }: DataTableProps<T>) {
  const [params, change] = useUrl();
  const [, navigate] = useLocation();
  const phone = usePhone();
  const [shown, compact, setView] = useView(name, columns);
  const [picked, setPicked] = useState<Set<string>>(new Set());
  const cursor = params.get("cursor");
  const next = query.data?.next ?? null;
  const whole = !cursor && !next;
  const rows = sorted(query.data?.items ?? [], columns, whole ? params.get("sort") : null);
  const narrowed = Boolean(params.get("q")) || filters.some((filter) => params.get(filter.name));

  const pick = useCallback((keys: string[], on: boolean) => setPicked((before) => {
    const after = new Set(before);
    for (const key of keys) {
      if (on) after.add(key);
      else after.delete(key);
    }
    return after;
  }), []);
  const open = (index: number) => {
    const row = rows[index];
    if (row && rowHref) navigate(rowHref(row));
  };
  const toggle = bulk
    ? (index: number) => {
        const row = rows[index];
        if (row) pick([rowKey(row)], !picked.has(rowKey(row)));
      }
    : undefined;
  const at = useRowKeys({ count: rows.length, open, toggle });
  const chosen = rows.filter((row) => picked.has(rowKey(row)));
  const clearFilters = () => change(Object.fromEntries([["q", null], ["cursor", null], ...filters.map((filter) => [filter.name, null] as const)]));

  const body = query.isPending ? <Loading />
    : query.error && !query.data ? <ErrorState error={query.error} retry={query.refetch} />
    : rows.length === 0 ? (narrowed
      ? <EmptyState title="Nothing matches" action={<Button onClick={clearFilters}>Clear search and filters</Button>}>No row fits what you searched or filtered for.</EmptyState>
      : empty)
    : phone ? <PhoneList label={label} rows={rows} columns={columns} rowKey={rowKey} rowHref={rowHref} picked={bulk ? picked : null} onPick={pick} />
    : <Grid label={label} rows={rows} columns={shown} rowKey={rowKey} rowHref={rowHref} compact={compact} canSort={whole} at={at} picked={bulk ? picked : null} onPick={pick} />;

  return (
    <div>
      <Toolbar search={search} filters={filters} columns={columns} shown={shown} compact={compact} onView={setView} aside={aside}
        onCsv={() => saveCsv(name, columns, chosen.length > 0 ? chosen : rows)} />
      {bulk && chosen.length > 0 ? (
        <div className="mb-3 flex min-h-10 items-center gap-3 rounded bg-accent-soft px-4 py-1 max-md:sticky max-md:top-2 max-md:z-30 max-md:overflow-x-auto max-md:border max-md:border-line max-md:whitespace-nowrap md:flex-wrap">
          <span className="num shrink-0 font-medium">{chosen.length} selected</span>
          {bulk(chosen, () => setPicked(new Set()))}
          <Button look="quiet" className="ml-auto" onClick={() => setPicked(new Set())}>Clear</Button>
        </div>
      ) : null}
      <div className="rounded border border-line bg-surface">
        {body}
        {rows.length > 0 || cursor ? <Pager cursor={cursor} next={next} count={rows.length} /> : null}
      </div>
    </div>
  );
}
