import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { type Traffic, type TrafficPeriod, trafficQuery } from "../../api/metrics";
import { formatBytes } from "../../lib/bytes";
import { formatDate, formatNumber, formatTraffic } from "../../lib/format";
import { Section } from "../../ui/Card";
import { Plot } from "../../ui/chart/Plot";
import { Ago, On } from "../../ui/DateTime";
import { Notice } from "../../ui/Notice";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { BlockList, BuyBlock } from "./Blocks";

const TrafficChart = lazy(() => import("./TrafficChart").then((module) => ({ default: module.TrafficChart })));

function Forecast({ traffic }: { traffic: Traffic }) {
  const { forecast } = traffic;
  if (!forecast) return <p className="text-ink-3">A forecast follows once the period is a day old.</p>;
  const over = forecast.percent !== null && forecast.percent > 100;
  const words = `If it goes on like this, the period ends at about ${formatBytes(forecast.total_bytes)}${forecast.percent === null ? "" : `, ${formatNumber(forecast.percent)} % of its traffic`}.`;
  if (!over) return <p>{words}</p>;
  return <Notice tone="warn" role="status" title="The period's traffic may not last">{words}{forecast.used_up_at ? <> It would be used up on <On on={forecast.used_up_at} />.</> : null} It is a straight line from what was used until now, not a promise.</Notice>;
}

function Running({ traffic, period, name, staff }: { traffic: Traffic; period: TrafficPeriod; name: string; staff: boolean }) {
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <p className="num text-xl font-semibold">{formatBytes(period.total_bytes)}<span className="text-base font-normal text-ink-3"> of {period.allowed_gb === null ? "unmetered traffic" : formatTraffic(period.allowed_gb)}{period.used_percent === null ? "" : `, ${formatNumber(period.used_percent, 1)} %`}</span></p>
        <p className="num text-sm text-ink-3">in {formatBytes(period.received_bytes)}, out {formatBytes(period.sent_bytes)}; <On on={period.starts_at} /> to <On on={period.ends_at} />; counted <Ago at={period.seen_at} happened /></p>
      </div>
      <Forecast traffic={traffic} />
      <BlockList traffic={traffic} period={period} staff={staff} />
      <Suspense fallback={<Skeleton className="h-[212px] w-full" />}><TrafficChart traffic={traffic} name={name} /></Suspense>
      {traffic.periods.length > 1 ? (
        <div className="max-w-[560px]">
          <Plot title="Earlier periods" figure={`${traffic.periods.length} periods`} shape="bars" say={formatBytes} sayOn={(on) => `from ${formatDate(on)}`}
            points={traffic.periods.toReversed().map((each) => ({ on: each.starts_at, value: each.total_bytes }))} />
        </div>
      ) : null}
    </div>
  );
}

/** Traffic by period: what is used, where it is going, what it may be. */
export function TrafficPart({ serverId, name, staff }: { serverId: string; name: string; staff: boolean }) {
  const { data, error, refetch } = useQuery(trafficQuery(serverId, staff));
  const period = data?.periods[0];
  return (
    <Section title="Traffic" className="mb-5" aside={data && !staff ? <BuyBlock traffic={data} /> : undefined}>
      {data ? (period ? <Running traffic={data} period={period} name={name} staff={staff} /> : <EmptyState title="Not counted yet">Traffic is read every hour, the first time soon after the server is ready.</EmptyState>)
        : error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}
    </Section>
  );
}
