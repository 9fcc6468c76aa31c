import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Host, type HypervisorGroup, hypervisorsQuery, readHypervisors } from "../../api/adminPanel";
import { formatDisk, formatMemory, formatNumber } from "../../lib/format";
import { useStaffMay } from "../../parts/identity/session";
import { Badge, StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Plot } from "../../ui/chart/Plot";
import { Ago, On } from "../../ui/DateTime";
import { Meter } from "../../ui/Meter";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { toast, toastError } from "../../ui/Toast";
import { forecastLook, pointsOf, seriesOf } from "./capacity";
import { ServerTabs } from "./ServerTabs";

const count = (value: number) => formatNumber(value);

function HostMeters({ host }: { host: Host }) {
  return (
    <li className="grid gap-x-6 gap-y-3 px-4 py-3 md:grid-cols-[10rem_1fr]">
      <div className="flex items-center gap-2 md:block">
        <p className="font-medium wrap-anywhere">{host.name}</p>
        <Badge tone={host.open ? "good" : "neutral"}>{host.open ? "Open" : "Closed to new servers"}</Badge>
      </div>
      <div className="grid min-w-0 gap-x-6 gap-y-3 md:grid-cols-2">
        <Meter label="Memory" used={host.memory_mib_used} most={host.memory_mib_most} say={formatMemory} />
        <Meter label="Cores" used={host.vcpu_used} most={host.vcpu_most} say={count} />
        {host.stores.map((store) => <Meter key={`${store.storage_type}-${store.name}`} label={store.name} used={store.used} most={store.most} say={formatDisk} />)}
        <Meter label="Servers" used={host.servers_used} most={host.servers_most} say={count} />
      </div>
    </li>
  );
}

function Plans({ group }: { group: HypervisorGroup }) {
  if (group.plans.length === 0) return <p className="text-ink-3">No plan is sold here. Give a plan this location under <Link href="/admin/plans" className="underline underline-offset-2">Plans</Link>.</p>;
  return (
    <table className="w-full">
      <caption className="sr-only">Plans in {group.name}</caption>
      <thead><tr className="text-left text-sm text-ink-3"><th scope="col" className="pb-1 font-normal">Plan</th><th scope="col" className="pb-1 text-right font-normal">Sold</th><th scope="col" className="pb-1 text-right font-normal">Free</th></tr></thead>
      <tbody className="divide-y divide-line border-t border-line">
        {group.plans.map((plan) => (
          <tr key={plan.plan_id}>
            <th scope="row" className="py-1.5 text-left font-normal">{plan.name}{plan.offered ? null : <span className="text-ink-3">, not offered</span>}</th>
            <td className="num py-1.5 text-right">{count(plan.sold)}</td>
            <td className="num py-1.5 text-right">{plan.free_known ? (plan.free === null ? "no limit" : count(plan.free)) : "not known"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Group({ group }: { group: HypervisorGroup }) {
  const place = group.location ? `sold as ${group.location.name}${group.location.status === "open" ? "" : `, ${group.location.status}`}` : "not sold";
  return (
    <Section flush title={group.name} aside={<span className="text-sm text-ink-3">{place}{group.enabled ? "" : ", disabled at the panel"}</span>}>
      {group.hosts.length === 0 ? <p className="px-4 py-3 text-ink-3">No hypervisor was read in this group yet.</p> : <ul aria-label={`Hypervisors in ${group.name}`} className="divide-y divide-line">{group.hosts.map((host) => <HostMeters key={host.id} host={host} />)}</ul>}
      <div className="grid gap-x-8 gap-y-6 border-t border-line p-4 lg:grid-cols-2">
        <div>
          <h3 className="mb-2 font-semibold">When it fills</h3>
          {group.forecasts.length === 0 ? <p className="text-ink-3">Nothing was read yet.</p> : (
            <dl>{group.forecasts.map((one) => <div key={one.of} className="flex flex-wrap items-baseline justify-between gap-x-4 border-t border-line py-1.5 first:border-0"><dt className="text-ink-2">{one.name}</dt><dd className="min-w-0 [&_span]:whitespace-normal"><StateBadge look={forecastLook(one)} /></dd></div>)}</dl>
          )}
        </div>
        <div><h3 className="mb-2 font-semibold">Plans</h3><Plans group={group} /></div>
      </div>
      {group.days.length > 0 ? (
        <div className="grid gap-6 border-t border-line p-4 sm:grid-cols-2 lg:grid-cols-4">
          {seriesOf(group).map((series) => {
            const points = pointsOf(group, series.value);
            const last = points.at(-1)?.value ?? null;
            return <Plot key={series.title} title={series.title} figure={last === null ? "no limit" : series.say(last)} points={points} shape="line" say={series.say} sayOn={(on) => on} />;
          })}
        </div>
      ) : null}
    </Section>
  );
}

const read = () => readHypervisors().then(() => toast("The hypervisors are being read"), toastError);

/** What the host's machines have and have given out, what is sold on them, and when they fill. */
export function HypervisorsPage() {
  const { data, error, refetch } = useQuery(hypervisorsQuery);
  const may = useStaffMay("catalog.edit");
  const since = data?.groups.flatMap((group) => group.days.slice(0, 1)).map((day) => day.on).toSorted()[0];
  return (
    <Page title="Hypervisors" action={may ? <Button icon="refresh" onClick={() => void read()}>Read now</Button> : null}>
      <ServerTabs current="/admin/hypervisors" />
      {data ? (
        <>
          <p className="mb-4 max-w-prose text-sm text-ink-3">
            {data.read_at ? <>Read <Ago at={data.read_at} happened />, every hour. </> : "Not read yet. "}
            {since ? <>One line a day since <On on={since} />. </> : null}
            A forecast is a straight line through those days; it knows nothing of what you plan.
          </p>
          <div className="space-y-5">{data.groups.map((group) => <Group key={group.id} group={group} />)}</div>
          {data.groups.length === 0 ? <EmptyState title="No hypervisor group yet">Groups of the panel stand here once the panel is set up and was read.</EmptyState> : null}
        </>
      ) : error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-96 w-full" />}
    </Page>
  );
}
