import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { type BulkRow, type BulkWork, bulkWorkQuery, bulkWorksQuery } from "../../api/adminBulk";
import { StateBadge } from "../../ui/Badge";
import { Facts, Section } from "../../ui/Card";
import { Ago, At } from "../../ui/DateTime";
import { Meter } from "../../ui/Meter";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { bulkLooks, bulkVerbs, staffHolds } from "./bulkWords";
import { ServerTabs } from "./ServerTabs";

const held = (hold: string | null) => (hold === "staff" || hold === "abuse" ? `, ${staffHolds[hold].toLowerCase()}` : "");

const columns: Column<BulkWork>[] = [
  { key: "what", title: "What", cell: (row) => <span className="font-medium">{bulkVerbs[row.verb].verb}{held(row.hold)}</span>, csv: (row) => row.verb, phone: "first" },
  { key: "servers", title: "Servers", align: "right", cell: (row) => <span className="num">{row.servers}{row.excluded ? <span className="text-ink-3">, {row.excluded} left alone</span> : null}</span>, csv: (row) => String(row.servers), phone: "second" },
  { key: "reason", title: "Reason", cell: (row) => <span className="block max-w-96 truncate">{row.reason}</span>, csv: (row) => row.reason },
  { key: "by", title: "By", cell: (row) => row.actor_name, csv: (row) => row.actor_name },
  { key: "at", title: "Begun", cell: (row) => <Ago at={row.created_at} happened />, csv: (row) => row.created_at, phone: "second" },
];

/** What was done to many servers at once. */
export function BulkWorksPage() {
  const query = useQuery(bulkWorksQuery(useListParams()));
  return (
    <Page title="Bulk work">
      <ServerTabs current="/admin/bulk" />
      <DataTable name="bulk-works" label="Bulk work" query={query} columns={columns} rowKey={(row) => row.id} rowHref={(row) => `/admin/bulk/${row.id}`}
        empty={<EmptyState title="Nothing was done in bulk yet">Choose servers on the list of <Link href="/admin/servers" className="underline underline-offset-2">Servers</Link>: power, suspension and its end, with a preview of what happens to each.</EmptyState>} />
    </Page>
  );
}

function Row({ row }: { row: BulkRow }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2">
      <span className="min-w-0 flex-1 basis-64 wrap-anywhere"><Link href={`/admin/servers/${row.server_id}`} className="hover:underline">{row.hostname}</Link><span className="text-ink-3">, {row.account_name}</span>
        {row.note ? <span className="block text-sm text-ink-2">{row.note}</span> : null}</span>
      <StateBadge look={bulkLooks[row.state]} />
    </li>
  );
}

/** How far each server of one bulk work is. */
export function BulkWorkPage() {
  const { id } = useParams<{ id: string }>();
  const { data: work, error, refetch } = useQuery(bulkWorkQuery(id));
  const crumbs = [{ label: "Bulk work", href: "/admin/bulk" }];
  if (!work) return <Page title="Bulk work" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  const asked = work.rows.filter((row) => row.state !== "excluded").length;
  const ended = asked - (work.counts.queued ?? 0) - (work.counts.running ?? 0);
  const failed = (work.counts.failed ?? 0) + (work.counts.refused ?? 0);
  return (
    <Page title={`${bulkVerbs[work.verb].verb}${held(work.hold)}`} crumbs={crumbs} meta={<StateBadge look={work.finished ? (failed ? { word: `Ended, ${failed} not done`, tone: "warn" } : { word: "Done", tone: "good" }) : { word: "Under way", tone: "info", moving: true }} />}>
      <Section className="mb-5"><div className="space-y-4">
        <Meter label="Servers that have ended" used={ended} most={asked} say={String} plain />
        <Facts columns={2} items={[["Reason", work.reason], ["By", work.actor_name], ["Begun", <At key="at" at={work.created_at} />], ["Left alone", String(work.counts.excluded ?? 0)]]} />
      </div></Section>
      <Section flush title="Servers"><ul aria-label="Servers of this work" className="divide-y divide-line">{work.rows.map((row) => <Row key={row.id} row={row} />)}</ul></Section>
    </Page>
  );
}
