import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { metricsQuery, type MetricsRange, watchQuery } from "../../api/metrics";
import { useUrl } from "../../lib/url";
import { Section } from "../../ui/Card";
import { Segments } from "../../ui/controls";
import { Skeleton, SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { AlertsPart } from "./AlertsPart";
import { LiveFigures } from "./LiveFigures";
import { TrafficPart } from "./TrafficPart";
import { ranges } from "./words";

// The charting library comes with the first chart, not with the page.
const Charts = lazy(() => import("./Charts").then((module) => ({ default: module.Charts })));

function useRange(): [MetricsRange, (range: MetricsRange) => void] {
  const [params, change] = useUrl();
  const asked = ranges.find((range) => range.value === params.get("range"))?.value ?? "24h";
  return [asked, (range) => change({ range: range === "24h" ? null : range })];
}

function History({ serverId, name, staff }: { serverId: string; name: string; staff: boolean }) {
  const [range, setRange] = useRange();
  const { data, error, refetch } = useQuery({
    ...metricsQuery(serverId, range, staff),
    // Another range of the same server is drawn where the one before stands.
    placeholderData: (before) => (before?.server_id === serverId ? before : undefined),
  });
  // Saying that somebody looks is what this query is for; its answer is not read.
  useQuery(watchQuery(serverId, staff));
  return (
    <>
      <Section title="Now" className="mb-5">{data ? <LiveFigures metrics={data} /> : error ? <ErrorState error={error} retry={refetch} /> : <SkeletonLines lines={3} />}</Section>
      <Section title="History" className="mb-5" aside={<Segments label="Range" value={range} options={ranges} onChange={setRange} />}>
        {data ? <Suspense fallback={<Skeleton className="h-[420px] w-full" />}><Charts metrics={data} name={name} /></Suspense> : <Skeleton className="h-[420px] w-full" />}
      </Section>
    </>
  );
}

/** Load now and over time, traffic, and alerts of one server; staff see the same and change nothing. */
export function ServerMetrics({ serverId, name, staff = false }: { serverId: string; name: string; staff?: boolean }) {
  return (
    <>
      <History serverId={serverId} name={name} staff={staff} />
      <TrafficPart serverId={serverId} name={name} staff={staff} />
      <AlertsPart serverId={serverId} staff={staff} />
    </>
  );
}
