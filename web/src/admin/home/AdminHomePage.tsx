import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { adminHomeQuery } from "../../api/admin";
import { healthQuery } from "../../api/adminHealth";
import type { AdminHome, Attention } from "../../api/adminTypes";
import type { Money as MoneyType } from "../../api/types";
import { formatDate, formatDuration, formatInstant, formatMoney, formatNumber, minorDigits } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { LinkButton } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Plot } from "../../ui/chart/Plot";
import { Ago } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { subjectHref } from "../subjects";

function AttentionRow({ item }: { item: Attention }) {
  const href = subjectHref(item.subject);
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5 px-4 py-2.5 md:grid-cols-[minmax(0,1fr)_10rem_7rem_7.5rem]">
      <span className="col-span-2 min-w-0 md:col-span-1">
        {href ? <Link href={href} className="block font-medium hover:underline">{item.title}</Link> : <span className="block font-medium">{item.title}</span>}
        <span className="block text-sm break-words text-ink-3">{item.detail}</span>
      </span>
      <span><Badge tone="warn">{item.kind.replaceAll("_", " ")}</Badge></span>
      <span className="num text-sm text-ink-3 max-md:text-right"><Ago at={item.since} /></span>
      {href ? <LinkButton href={href} className="max-md:col-span-2">{item.action ? item.action.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase()) : "Open"}</LinkButton> : null}
    </li>
  );
}

const major = (money: MoneyType) => money.minor / 10 ** minorDigits(money.currency);

/** Several currencies cannot be one bar: the plot shows the one with most days, the figure shows all. */
function revenuePoints(series: AdminHome["series"]["revenue"]) {
  const counts = new Map<string, number>();
  for (const point of series) counts.set(point.amount.currency, (counts.get(point.amount.currency) ?? 0) + 1);
  const currency = [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? "EUR";
  return { currency, points: series.filter((point) => point.amount.currency === currency).map((point) => ({ on: point.on, value: major(point.amount) })) };
}

const wait = (seconds: number | null) => (seconds === null ? "none" : formatDuration(seconds));

function Plots({ home }: { home: AdminHome }) {
  const { figures, series } = home;
  const revenue = revenuePoints(series.revenue);
  const queue = (series.queue ?? []).map((point) => ({ on: point.at, value: point.oldest_seconds }));
  const money = figures.revenue_today.length > 0 ? figures.revenue_today.map((each) => formatMoney(each)).join(" · ") : formatMoney({ minor: 0, currency: revenue.currency });
  return (
    <div className="grid gap-px overflow-hidden rounded border border-line bg-line sm:grid-cols-2 xl:grid-cols-4 [&>*]:bg-surface [&>*]:p-4">
      <Plot title="Money today" figure={money} shape="bars" points={revenue.points} say={(value) => new Intl.NumberFormat(undefined, { style: "currency", currency: revenue.currency }).format(value)} sayOn={formatDate} />
      <Plot title="Orders today" figure={formatNumber(figures.orders_today)} shape="bars" points={series.orders.map((point) => ({ on: point.on, value: point.count }))} say={(value) => formatNumber(value)} sayOn={formatDate} />
      <Plot title="Provisioning, median" figure={wait(figures.provisioning_p50_seconds)} shape="line" points={series.provisioning_seconds.map((point) => ({ on: point.on, value: point.p50 }))} say={formatDuration} sayOn={formatDate} />
      <Plot title="Oldest waiting job" figure={wait(figures.queue_oldest_seconds)} shape="line" points={queue} say={formatDuration} sayOn={formatInstant} />
    </div>
  );
}

/** The laws in three words; nothing while they hold. */
function BrokenLaws() {
  const health = useQuery(healthQuery).data;
  const broken = health?.checks.filter((check) => check.state === "broken").length ?? 0;
  if (!health || (broken === 0 && !health.late)) return null;
  return <Link href="/admin/health" className="text-bad underline underline-offset-2">{health.late ? "nobody looks at the laws" : `${broken} ${broken === 1 ? "law is" : "laws are"} broken`}</Link>;
}

export function AdminHomePage() {
  const { data: home, error, refetch } = useQuery(adminHomeQuery);
  return (
    <Page title="What needs a person" meta={home ? <>
      <span className="num">{formatNumber(home.figures.servers_ready)} servers ready</span>
      {home.figures.jobs_dead > 0 ? <Link href="/admin/jobs?state=dead" className="num text-bad underline underline-offset-2">{home.figures.jobs_dead} dead {home.figures.jobs_dead === 1 ? "job" : "jobs"}</Link> : <span>no dead jobs</span>}
      <BrokenLaws />
    </> : null}>
      {home ? (
        <div className="space-y-5">
          <Section flush>
            {home.attention.length === 0 ? <EmptyState title="Nothing needs you right now">Failed builds, stuck payments, dead jobs and refused mails will stand here, oldest first.</EmptyState> : (
              <ul aria-label="What needs a person" className="divide-y divide-line">{home.attention.map((item) => <AttentionRow key={`${item.kind}-${item.subject?.id ?? item.title}`} item={item} />)}</ul>
            )}
          </Section>
          <Plots home={home} />
        </div>
      ) : error ? <ErrorState error={error} retry={refetch} /> : <div className="space-y-5"><Skeleton className="h-48 w-full" /><Skeleton className="h-36 w-full" /></div>}
    </Page>
  );
}
