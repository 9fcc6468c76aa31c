import type { ReactNode } from "react";

export type Column<T> = {
  key: string;
  title: string;
  /** The title is for readers and menus only, as over a column of buttons. */
  untitled?: boolean;
  cell: (row: T) => ReactNode;
  align?: "right";
  /** Lets the header sort, but only while every row is loaded: sorting one page of many would mislead. */
  sortBy?: (row: T) => string | number;
  csv?: (row: T) => string;
  /** Not shown until chosen. */
  extra?: boolean;
  /** Where it stands in the two-line row of a phone; left out when absent. */
  phone?: "first" | "side" | "second";
  className?: string;
};

export type Filter = { name: string; label: string; options: { value: string; label: string }[] };

function quoted(text: string): string {
  // A leading formula sign would be run by spreadsheets; a negative amount is none.
  const safe = /^(?:[=+@\t\r]|-(?!\d+(?:\.\d+)?(?: [A-Z]{3})?$))/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function saveCsv<T>(name: string, columns: Column<T>[], rows: T[]): void {
  const written = columns.filter((column) => column.csv);
  const lines = [written.map((column) => quoted(column.title)), ...rows.map((row) => written.map((column) => quoted(column.csv?.(row) ?? "")))];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`\ufeff${lines.map((line) => line.join(",")).join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" }));
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
