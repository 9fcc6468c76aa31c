import type uPlot from "uplot";
import { formatBytes } from "../../lib/bytes";
import { formatNumber, locale } from "../../lib/format";
import type { Paint } from "./paint";

export type Unit = "percent" | "rate" | "bytes";
export type Line = { name: string; values: (number | null)[]; quiet?: boolean; dashed?: boolean };
export type Drawing = {
  title: string; note?: string | undefined; unit: Unit;
  /** The span of time that is shown, in seconds since 1970. */
  begin: number; end: number;
  /** A line across, with its name: a limit. */
  limit?: { value: number; name: string } | undefined;
};

export const say: Record<Unit, (value: number) => string> & { moment: (at: number) => string } = {
  percent: (value) => `${formatNumber(value, 1)} %`,
  rate: (value) => `${formatBytes(value)}/s`,
  bytes: (value) => formatBytes(value),
  moment: (at) => new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at * 1000)),
};

function tick(span: number, at: number): string {
  const day = span > 2 * 86_400;
  return new Intl.DateTimeFormat(locale(), day ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" }).format(new Date(at * 1000));
}

const inks = ["--accent-text", "--warn-dot", "--good-dot", "--info-dot", "--bad-dot"] as const;
const inkOf = (at: number) => inks[at % inks.length] ?? "--accent-text";

/** The highest value to show: percent ends at 100, all else at what there is. */
function top(drawing: Drawing, most: number): number {
  if (drawing.unit === "percent") return 100;
  return Math.max(most, drawing.limit?.value ?? 0, 1) * 1.08;
}

/** Each line's name stands at its last value, and a limit's on its line. */
function names(drawing: Drawing, lines: Line[], paint: Paint) {
  return (chart: uPlot) => {
    const { ctx: pen } = chart;
    const ratio = devicePixelRatio;
    pen.save();
    pen.font = `500 ${11 * ratio}px "Inter Variable", sans-serif`;
    if (drawing.limit) {
      const y = Math.round(chart.valToPos(drawing.limit.value, "y", true));
      pen.strokeStyle = pen.fillStyle = paint["--bad-dot"];
      pen.setLineDash([5 * ratio, 4 * ratio]);
      pen.lineWidth = ratio;
      pen.beginPath();
      pen.moveTo(chart.bbox.left, y);
      pen.lineTo(chart.bbox.left + chart.bbox.width, y);
      pen.stroke();
      pen.textAlign = "left";
      pen.fillText(drawing.limit.name, chart.bbox.left + 6 * ratio, y - 5 * ratio);
    }
    if (lines.length > 1) {
      const taken: number[] = [];
      lines.forEach((line, index) => {
        const last = line.values.findLastIndex((value) => value !== null && value !== undefined);
        const value = line.values[last];
        if (last < 0 || value === null || value === undefined) return;
        let y = chart.valToPos(value, "y", true);
        while (taken.some((other) => Math.abs(other - y) < 13 * ratio)) y -= 13 * ratio;
        taken.push(y);
        pen.textAlign = "left";
        pen.fillStyle = paint[inkOf(index)];
        pen.fillText(line.name, chart.bbox.left + chart.bbox.width + 6 * ratio, y + 4 * ratio);
      });
    }
    pen.restore();
  };
}

/** How the charting library is to draw: thin lines, gaps as gaps, one cursor for all charts of a name. */
export function options(drawing: Drawing, lines: Line[], paint: Paint, width: number, sync: string, onPoint: (at: number | null) => void): uPlot.Options {
  const span = drawing.end - drawing.begin;
  const axis = { stroke: () => paint["--ink-3"], font: '11px "Inter Variable", sans-serif', ticks: { show: false }, grid: { stroke: () => paint["--line"], width: 1 } };
  return {
    width, height: 180, padding: [10, lines.length > 1 ? 64 : 32, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: sync, setSeries: false }, drag: { x: false, y: false }, y: false, points: { size: 6 } },
    scales: { x: { time: true, range: () => [drawing.begin, drawing.end] }, y: { range: (_chart, _low, high) => [0, top(drawing, high ?? 0)] } },
    axes: [
      { ...axis, size: 28, space: 70, values: (_chart, splits) => splits.map((at) => tick(span, at)) },
      { ...axis, size: 62, space: 36, values: (_chart, splits) => splits.map((value) => (drawing.unit === "percent" ? `${value} %` : say[drawing.unit](value))) },
    ],
    series: [
      {},
      ...lines.map((line, index): uPlot.Series => ({
        label: line.name, width: line.quiet ? 1 : 1.5, stroke: () => paint[inkOf(index)], points: { size: 4 }, spanGaps: false,
        ...(line.dashed ? { dash: [5, 4] } : {}),
        ...(index === 0 ? { fill: () => `color-mix(in srgb, ${paint["--accent-text"]} 9%, transparent)` } : {}),
      })),
    ],
    hooks: {
      draw: [names(drawing, lines, paint)],
      setCursor: [(chart) => onPoint(chart.cursor.idx ?? null)],
    },
  };
}
