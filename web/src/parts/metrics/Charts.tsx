import { useMemo } from "react";
import type { Metrics } from "../../api/metrics";
import { TimeChart } from "../../ui/chart/TimeChart";

const seconds = (at: string) => Date.parse(at) / 1000;

/** Processor, memory, disk space and disk traffic under one cursor. */
export function Charts({ metrics, name }: { metrics: Metrics; name: string }) {
  const { series } = metrics;
  const at = useMemo(() => metrics.at.map(seconds), [metrics.at]);
  const lines = useMemo(() => {
    // A point of five minutes is a single value; wider ones have a mean and a maximum.
    const wide = (metrics.point_seconds ?? 0) > 300;
    const both = (line: { mean: (number | null)[]; most: (number | null)[] }) =>
      wide ? [{ name: "mean", values: line.mean }, { name: "maximum", values: line.most, quiet: true }] : [{ name: "value", values: line.mean }];
    return {
      cpu: both(series.cpu), memory: both(series.memory), filesystem: [{ name: "value", values: series.filesystem.mean }],
      disk: [{ name: "read", values: series.read.mean }, { name: "written", values: series.written.mean }],
    };
  }, [series, metrics.point_seconds]);
  const span = { begin: seconds(metrics.begins_at), end: seconds(metrics.ends_at), sync: `server-${metrics.server_id}`, at };
  const file = (what: string) => `${name}-${what}-${metrics.range}`;
  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
      <TimeChart {...span} title="Processor" unit="percent" lines={lines.cpu} file={file("processor")} />
      <TimeChart {...span} title="Memory" unit="percent" lines={lines.memory} file={file("memory")} />
      <TimeChart {...span} title="Fullest file system" unit="percent" lines={lines.filesystem} file={file("disk-space")} />
      <TimeChart {...span} title="Disk traffic" unit="rate" lines={lines.disk} file={file("disk-traffic")} />
    </div>
  );
}
