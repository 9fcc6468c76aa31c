import { useState } from "react";

export type Point = { on: string; value: number | null };

const width = 300;
const height = 72;

function Bars({ points, top, hot }: { points: Point[]; top: number; hot: number | null }) {
  const step = width / points.length;
  return (
    <>
      {points.map((point, at) => {
        const tall = point.value === null ? 0 : Math.max((point.value / top) * height, point.value > 0 ? 1.5 : 0);
        return <rect key={point.on} x={at * step + step * 0.14} width={step * 0.72} y={height - tall} height={tall} rx="1" className={hot === at ? "fill-accent-text" : "fill-accent"} opacity={hot === null || hot === at ? 1 : 0.5} />;
      })}
    </>
  );
}

/** A missing value breaks the line: a gap is shown as a gap. */
function linePath(points: Point[], top: number): string {
  const step = width / Math.max(points.length - 1, 1);
  let pen = "M";
  return points.map((point, at) => {
    if (point.value === null) {
      pen = "M";
      return "";
    }
    const part = `${pen}${(at * step).toFixed(1)} ${(height - (point.value / top) * (height - 4)).toFixed(1)}`;
    pen = "L";
    return part;
  }).join("");
}

/** A value alone between gaps makes no line, so it is a dot. */
function lonePoints(points: Point[], top: number): string {
  const step = width / Math.max(points.length - 1, 1);
  return points.map((point, at) => {
    const alone = point.value !== null && (points[at - 1]?.value ?? null) === null && (points[at + 1]?.value ?? null) === null;
    return alone ? `M${(at * step).toFixed(1)} ${(height - ((point.value ?? 0) / top) * (height - 4)).toFixed(1)}h0` : "";
  }).join("");
}

type PlotProps = { title: string; figure: string; points: Point[]; shape: "bars" | "line"; say: (value: number) => string; sayOn: (on: string) => string };

/** One small plot with its figure above; pointing at a day reads it out, and a table holds the same for readers. */
export function Plot({ title, figure, points, shape, say, sayOn }: PlotProps) {
  const [hot, setHot] = useState<number | null>(null);
  const top = Math.max(...points.map((point) => point.value ?? 0), 0) || 1;
  const held = hot === null ? undefined : points[hot];
  const step = width / Math.max(points.length - 1, 1);
  return (
    <figure className="relative min-w-0">
      <figcaption className="flex items-baseline justify-between gap-2">
        <span className="text-sm text-ink-3">{title}</span>
        <span className="num text-xs text-ink-3">{held ? sayOn(held.on) : ""}</span>
      </figcaption>
      <p className="num mt-0.5 mb-2 text-xl font-semibold">{held ? (held.value === null ? "no figure" : say(held.value)) : figure}</p>
      {points.every((point) => point.value === null) ? <p className="grid h-[72px] place-items-center text-sm text-ink-3">No figures yet</p> : (
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" className="h-[72px] w-full"
          onMouseLeave={() => setHot(null)}
          onMouseMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            const share = (event.clientX - box.left) / box.width;
            setHot(Math.min(points.length - 1, Math.max(0, shape === "bars" ? Math.floor(share * points.length) : Math.round(share * (points.length - 1)))));
          }}>
          <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="stroke-line" vectorEffect="non-scaling-stroke" />
          {shape === "bars" ? <Bars points={points} top={top} hot={hot} /> : (
            <>
              <path d={linePath(points, top)} fill="none" className="stroke-accent" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
              <path d={lonePoints(points, top)} fill="none" className="stroke-accent" strokeWidth="5" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
              {hot === null ? null : <line x1={hot * step} x2={hot * step} y1="0" y2={height} className="stroke-line-strong" vectorEffect="non-scaling-stroke" />}
            </>
          )}
        </svg>
      )}
      <div className="sr-only"><table>
        <caption>{title}</caption>
        <tbody>{points.map((point) => <tr key={point.on}><th scope="row">{sayOn(point.on)}</th><td>{point.value === null ? "no figure" : say(point.value)}</td></tr>)}</tbody>
      </table></div>
    </figure>
  );
}
