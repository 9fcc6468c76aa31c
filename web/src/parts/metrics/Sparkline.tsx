import type { ServerLoad } from "../../api/metrics";
import { formatNumber } from "../../lib/format";
import type { Column } from "../../ui/table/columns";

const width = 64;
const height = 18;

/** Hour by hour; an hour without a figure breaks the line. */
function path(values: (number | null)[]): string {
  const top = Math.max(25, ...values.map((value) => value ?? 0));
  const step = width / Math.max(1, values.length - 1);
  let pen = "M";
  return values.map((value, at) => {
    if (value === null) {
      pen = "M";
      return "";
    }
    const alone = pen === "M" && (values[at + 1] ?? null) === null;
    const part = `${pen}${(at * step).toFixed(1)} ${(height - 1 - (value / top) * (height - 2)).toFixed(1)}${alone ? "h1" : ""}`;
    pen = "L";
    return part;
  }).join("");
}

/** A server's processor load: its last day in a line, and now in words. */
export function LoadLine({ load }: { load: ServerLoad | undefined }) {
  if (!load || load.sampled_at === null) return <span className="text-ink-3">–</span>;
  return (
    <span className="inline-flex items-center gap-2">
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true" className="shrink-0">
        <path d={path(load.cpu_line)} fill="none" className="stroke-accent-text" strokeWidth="1.25" strokeLinejoin="round" />
      </svg>
      <span className="num w-10 text-right text-sm text-ink-2"><span className="sr-only">Processor now </span>{load.cpu_percent === null ? "–" : `${formatNumber(load.cpu_percent)} %`}</span>
    </span>
  );
}

export function loadColumn<T extends { id: string }>(loads: ServerLoad[] | undefined): Column<T> {
  const known = new Map((loads ?? []).map((load) => [load.server_id, load]));
  return { key: "load", title: "Load", cell: (row) => <LoadLine load={known.get(row.id)} />, csv: (row) => String(known.get(row.id)?.cpu_percent ?? "") };
}
