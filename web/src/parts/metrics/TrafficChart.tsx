import { useMemo } from "react";
import type { Traffic } from "../../api/metrics";
import { formatTraffic } from "../../lib/format";
import { TimeChart } from "../../ui/chart/TimeChart";

const seconds = (at: string) => Date.parse(at) / 1000;
const gigabyte = 1e9;

/** How the running period fills, where it is going, and where its limit lies. */
export function TrafficChart({ traffic, name }: { traffic: Traffic; name: string }) {
  const period = traffic.periods[0];
  const { at, lines } = useMemo(() => {
    if (!period) return { at: [], lines: [] };
    const [begin, seen, end] = [seconds(period.starts_at), seconds(period.seen_at), seconds(period.ends_at)];
    const points: [number, number | null, number | null][] = traffic.days.map((day) => [seconds(day.at), day.total_bytes, null]);
    const rows = points.filter(([moment]) => moment > begin && moment < seen);
    rows.unshift([begin, 0, null]);
    rows.push([seen, period.total_bytes, traffic.forecast ? period.total_bytes : null]);
    if (traffic.forecast && end > seen) rows.push([end, null, traffic.forecast.total_bytes]);
    return {
      at: rows.map(([moment]) => moment),
      lines: [
        { name: "used", values: rows.map(([, used]) => used) },
        ...(traffic.forecast ? [{ name: "forecast", values: rows.map(([, , going]) => going), dashed: true }] : []),
      ],
    };
  }, [traffic, period]);
  if (!period) return null;
  const limit = period.allowed_gb === null ? undefined : { value: period.allowed_gb * gigabyte, name: `limit ${formatTraffic(period.allowed_gb)}` };
  return (
    <TimeChart title="This period" unit="bytes" begin={seconds(period.starts_at)} end={seconds(period.ends_at)} sync={`traffic-${traffic.server_id}`}
      at={at} lines={lines} limit={limit} file={`${name}-traffic`} />
  );
}
