import { useEffect, useMemo, useState } from "react";
import { recall, remember } from "../../lib/store";
import { useUrl } from "../../lib/url";
import type { Column } from "./columns";

/** The part of the address that a list's request is made of. */
export function useListParams(...names: string[]): Record<string, string | null> {
  const [params] = useUrl();
  const text = params.toString();
  return useMemo(() => {
    const read = new URLSearchParams(text);
    return Object.fromEntries([...names, "cursor"].map((name) => [name, read.get(name)]));
    // The names are written out at the call and never change.
    // eslint-disable-next-line react/exhaustive-deps
  }, [text]);
}

export type View = { columns: string[]; compact: boolean };

export function useView<T>(name: string, columns: Column<T>[]): [Column<T>[], boolean, (view: Partial<View>) => void] {
  const [params, change] = useUrl();
  const stored = recall<Partial<View>>(`table:${name}`, {});
  const listed = params.get("cols")?.split(",") ?? stored.columns;
  const shown = listed ? columns.filter((column, at) => at === 0 || listed.includes(column.key)) : columns.filter((column) => !column.extra);
  const density = params.get("density");
  const compact = density ? density === "compact" : (stored.compact ?? false);
  const set = (next: Partial<View>) => {
    const view = { columns: next.columns ?? shown.map((column) => column.key), compact: next.compact ?? compact };
    remember(`table:${name}`, view);
    change({ cols: view.columns.join(","), density: view.compact ? "compact" : "normal" });
  };
  return [shown, compact, set];
}

export function sorted<T>(rows: T[], columns: Column<T>[], sort: string | null): T[] {
  if (!sort) return rows;
  const down = sort.startsWith("-");
  const column = columns.find((each) => each.key === (down ? sort.slice(1) : sort));
  const by = column?.sortBy;
  if (!by) return rows;
  const compare = (a: T, b: T) => {
    const [x, y] = [by(a), by(b)];
    return typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true });
  };
  return rows.toSorted((a, b) => (down ? compare(b, a) : compare(a, b)));
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

type Keys = { count: number; open: (at: number) => void; toggle?: ((at: number) => void) | undefined };

/** j and k move through the rows, enter opens one, x selects it. Returns the row that has the cursor. */
export function useRowKeys({ count, open, toggle }: Keys): number {
  const [at, setAt] = useState(-1);
  // Keys are heard on the document, because no row need have focus for them.
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (typing(event.target) || event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open], [role=menu]")) return;
      if (event.key === "j") setAt((now) => Math.min(now + 1, count - 1));
      else if (event.key === "k") setAt((now) => Math.max(now - 1, 0));
      else if (event.key === "x" && at >= 0) toggle?.(at);
      else if (event.key === "Enter" && at >= 0 && !(event.target instanceof HTMLAnchorElement) && !(event.target instanceof HTMLButtonElement)) open(at);
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [at, count, open, toggle]);
  return at;
}
