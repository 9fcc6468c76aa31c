import { Link } from "wouter";
import { cx } from "../../lib/cx";
import { useUrl } from "../../lib/url";
import { Icon } from "../Icon";
import type { Column } from "./columns";

export type RowsProps<T> = {
  label: string; rows: T[]; columns: Column<T>[]; rowKey: (row: T) => string; rowHref?: ((row: T) => string) | undefined;
  compact: boolean; canSort: boolean; at: number; picked: Set<string> | null; onPick: (keys: string[], on: boolean) => void;
};

function HeaderCell<T>({ column, canSort }: { column: Column<T>; canSort: boolean }) {
  const [params, change] = useUrl();
  const sort = params.get("sort");
  const direction = sort === column.key ? "ascending" : sort === `-${column.key}` ? "descending" : undefined;
  const next = direction === "ascending" ? `-${column.key}` : direction === "descending" ? null : column.key;
  return (
    <th scope="col" aria-sort={direction} className={cx("sticky top-0 z-20 h-9 border-b border-line bg-surface px-3 text-left text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4", column.align === "right" && "text-right")}>
      {column.sortBy && canSort ? (
        <button type="button" onClick={() => change({ sort: next })} className={cx("inline-flex items-center gap-1 align-middle hover:text-ink", column.align === "right" && "flex-row-reverse")}>
          {column.title}
          <Icon name="chevronDown" className={cx("size-3 transition-transform", !direction && "opacity-0", direction === "ascending" && "rotate-180")} />
        </button>
      ) : column.untitled ? <span className="sr-only">{column.title}</span> : column.title}
    </th>
  );
}

export function Grid<T>({ label, rows, columns, rowKey, rowHref, compact, canSort, at, picked, onPick }: RowsProps<T>) {
  const keys = rows.map(rowKey);
  const all = picked !== null && keys.length > 0 && keys.every((key) => picked.has(key));
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            {picked ? (
              <th scope="col" className="sticky top-0 z-20 w-9 border-b border-line bg-surface pl-4 text-left">
                <input type="checkbox" aria-label="Select all rows" checked={all} onChange={() => onPick(keys, !all)} className="size-4 align-middle accent-(--accent)" />
              </th>
            ) : null}
            {columns.map((column) => <HeaderCell key={column.key} column={column} canSort={canSort} />)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const key = rowKey(row);
            return (
              <tr key={key} className={cx("group relative", rowHref && "hover:bg-hover", index === at && "bg-accent-soft outline-2 -outline-offset-2 outline-accent-text", picked?.has(key) && "bg-accent-soft")}>
                {picked ? (
                  <td className="border-b border-line pl-4 group-last:border-0">
                    <input type="checkbox" aria-label="Select row" checked={picked.has(key)} onChange={() => onPick([key], !picked.has(key))} className="relative z-10 size-4 align-middle accent-(--accent)" />
                  </td>
                ) : null}
                {columns.map((column, place) => (
                  <td key={column.key} className={cx("border-b border-line px-3 whitespace-nowrap group-last:border-0 first:pl-4 last:pr-4", compact ? "h-8 text-sm" : "h-10 py-1", column.align === "right" && "num text-right", column.className)}>
                    {place === 0 && rowHref ? <Link href={rowHref(row)} className="font-medium text-ink after:absolute after:inset-0 focus-visible:outline-offset-4">{column.cell(row)}</Link> : column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A phone's table: two lines a row, the name and one figure above, the rest below. */
export function PhoneList<T>({ label, rows, columns, rowKey, rowHref, picked, onPick }: Omit<RowsProps<T>, "compact" | "canSort" | "at">) {
  const keys = rows.map(rowKey);
  const all = picked !== null && keys.every((key) => picked.has(key));
  const first = columns.find((column) => column.phone === "first") ?? columns[0];
  const side = columns.filter((column) => column.phone === "side");
  const second = columns.filter((column) => column.phone === "second");
  return (
    <>
      {picked ? <label className="flex min-h-11 items-center gap-3.5 border-b border-line px-4 text-sm text-ink-3"><input type="checkbox" aria-label="Select all rows" checked={all} onChange={() => onPick(keys, !all)} className="size-5 accent-(--accent)" />All on this page</label> : null}
      <ul aria-label={label} className="divide-y divide-line">
        {rows.map((row) => (
          <li key={rowKey(row)} className={cx("relative flex", picked?.has(rowKey(row)) && "bg-accent-soft")}>
            {picked ? <label className="relative z-10 flex w-13 shrink-0 items-center pl-4"><input type="checkbox" aria-label="Select row" checked={picked.has(rowKey(row))} onChange={() => onPick([rowKey(row)], !picked.has(rowKey(row)))} className="size-5 accent-(--accent)" /></label> : null}
            <div className={cx("min-w-0 flex-1 py-2.5 pr-4", !picked && "pl-4")}>
              <div className="flex items-center justify-between gap-3">
                <span className="min-w-0 truncate font-medium">
                  {rowHref ? <Link href={rowHref(row)} className="after:absolute after:inset-0">{first?.cell(row)}</Link> : first?.cell(row)}
                </span>
                <span className="flex shrink-0 items-center gap-2">{side.map((column) => <span key={column.key}>{column.cell(row)}</span>)}</span>
              </div>
              {second.length > 0 ? (
                <div className="mt-0.5 flex flex-wrap items-center gap-x-3 text-sm text-ink-3">{second.map((column) => <span key={column.key} className="min-w-0 truncate">{column.cell(row)}</span>)}</div>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
