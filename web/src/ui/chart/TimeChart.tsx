import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { IconButton } from "../Button";
import { saveCsv } from "../table/columns";
import { type Drawing, type Line, options, say } from "./drawing";
import { type Paint, usePaint } from "./paint";

export type TimeChartProps = Drawing & {
  /** Charts of one name share their cursor. */
  sync: string;
  at: number[];
  lines: Line[];
  /** For the names of saved files. */
  file: string;
};

function savePng(chart: uPlot, paint: Paint, title: string, file: string): void {
  const from = chart.ctx.canvas;
  const ratio = devicePixelRatio;
  const to = document.createElement("canvas");
  to.width = from.width;
  to.height = from.height + 28 * ratio;
  const pen = to.getContext("2d");
  if (!pen) return;
  pen.fillStyle = paint["--surface"];
  pen.fillRect(0, 0, to.width, to.height);
  pen.fillStyle = paint["--ink"];
  pen.font = `600 ${13 * ratio}px "Inter Variable", sans-serif`;
  pen.fillText(title, 8 * ratio, 19 * ratio);
  pen.drawImage(from, 0, 28 * ratio);
  to.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${file}.png`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

/** Draws into an element, follows its width, and is made anew when anything that it shows changes. */
function useChart({ title, unit, begin, end, limit, at, lines, sync }: TimeChartProps, paint: Paint, onPoint: (at: number | null) => void) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [limitValue, limitName] = [limit?.value, limit?.name];
  // The chart paints a canvas of its own, which React does not know.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const drawing = { title, unit, begin, end, limit: limitValue === undefined ? undefined : { value: limitValue, name: limitName ?? "" } };
    const made = new uPlot(options(drawing, lines, paint, element.clientWidth, sync, onPoint), [at, ...lines.map((line) => line.values)], element);
    chart.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: made.height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [title, unit, begin, end, limitValue, limitName, at, lines, sync, paint, onPoint]);
  return { box, chart };
}

/** One quantity over time: its lines, what stands under the cursor, files to keep, and a table for readers. */
export function TimeChart(props: TimeChartProps) {
  const { title, at, lines, unit, file, note } = props;
  const [point, setPoint] = useState<number | null>(null);
  const paint = usePaint();
  const { box, chart } = useChart(props, paint, setPoint);
  const rows = useMemo(() => at.map((moment, index) => ({ moment, index })), [at]);
  const columns = [
    { key: "at", title: "Time (UTC)", cell: () => null, csv: (row: { moment: number }) => new Date(row.moment * 1000).toISOString() },
    ...lines.map((line) => ({ key: line.name, title: `${title}, ${line.name} (${unit === "percent" ? "%" : unit === "bytes" ? "bytes" : "bytes/s"})`, cell: () => null, csv: (row: { index: number }) => String(line.values[row.index] ?? "") })),
  ];
  const empty = lines.every((line) => line.values.every((value) => value === null || value === undefined));
  const held = point === null ? undefined : at[point];
  return (
    <figure className="min-w-0">
      <figcaption className="flex min-h-8 flex-wrap items-center justify-between gap-x-3">
        <span className="font-medium">{title}{note ? <span className="ml-2 text-sm font-normal text-ink-3">{note}</span> : null}</span>
        <span className="flex items-center gap-1">
          <span className="num text-sm text-ink-2" aria-hidden="true">
            {held === undefined || point === null ? "" : `${say.moment(held)}  ${lines.map((line) => `${lines.length > 1 ? `${line.name} ` : ""}${line.values[point] === null || line.values[point] === undefined ? "no figure" : say[unit](line.values[point])}`).join("  ")}`}
          </span>
          <IconButton icon="image" label={`${title} as PNG`} disabled={empty} onClick={() => chart.current && savePng(chart.current, paint, title, file)} />
          <IconButton icon="download" label={`${title} as CSV`} disabled={empty} onClick={() => saveCsv(file, columns, rows)} />
        </span>
      </figcaption>
      <div className="relative">
        <div ref={box} aria-hidden="true" className="h-[180px] w-full overflow-hidden" />
        {empty ? <p className="absolute inset-0 grid place-items-center text-sm text-ink-3">No figures in this time</p> : null}
      </div>
      <div className="sr-only"><table>
        <caption>{title}</caption>
        <thead><tr><th scope="col">Time</th>{lines.map((line) => <th key={line.name} scope="col">{line.name}</th>)}</tr></thead>
        <tbody>{rows.map(({ moment, index }) => (
          <tr key={moment}><th scope="row">{say.moment(moment)}</th>{lines.map((line) => <td key={line.name}>{line.values[index] === null || line.values[index] === undefined ? "no figure" : say[unit](line.values[index])}</td>)}</tr>
        ))}</tbody>
      </table></div>
    </figure>
  );
}
