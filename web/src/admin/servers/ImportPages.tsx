import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { adminPlansQuery } from "../../api/admin";
import { beginImport, type Import, importQuery, type ImportRow, importRowsQuery, importsQuery, resumeImport } from "../../api/adminImports";
import type { AdminPlan } from "../../api/adminTypes";
import { formatExact } from "../../lib/format";
import { cycleWords, sizeWords } from "../../parts/catalog/words";
import { useStaffMay } from "../../parts/identity/session";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Ago, At, On } from "../../ui/DateTime";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { toastError } from "../../ui/Toast";
import { ImportDialog } from "./ImportDialog";
import { ServerTabs } from "./ServerTabs";

const importLooks: Record<Import["state"], StateLook> = {
  reading: { word: "Being read", tone: "info", moving: true }, stopped: { word: "Stopped", tone: "warn" }, ready: { word: "Read to its end", tone: "good" },
};
const rowLooks: Record<ImportRow["state"], StateLook> = {
  found: { word: "Not chosen", tone: "neutral" }, queued: { word: "Being adopted", tone: "info", moving: true }, done: { word: "Adopted", tone: "good" }, refused: { word: "Not adopted", tone: "warn" },
};
const columns: Column<Import>[] = [
  { key: "at", title: "Begun", cell: (row) => <span className="font-medium"><At at={row.created_at} /></span>, csv: (row) => row.created_at, phone: "first" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={importLooks[row.state]} />, csv: (row) => row.state, phone: "side" },
  { key: "found", title: "Unknown here", align: "right", cell: (row) => <span className="num">{row.rows}</span>, csv: (row) => String(row.rows), phone: "second" },
  { key: "done", title: "Adopted", align: "right", cell: (row) => <span className="num">{row.done}</span>, csv: (row) => String(row.done), phone: "second" },
  { key: "by", title: "By", cell: (row) => row.asked_by, csv: (row) => row.asked_by },
];

/** Readings of the panel for servers that nobody here knows. */
export function ImportsPage() {
  const query = useQuery(importsQuery(useListParams()));
  const may = useStaffMay("orders.edit");
  const [, go] = useLocation();
  const begin = () => beginImport().then((made) => go(`/admin/imports/${made.id}`), toastError);
  return (
    <Page title="Import" action={may ? <Button look="primary" icon="refresh" onClick={() => void begin()}>Read the panel</Button> : null}>
      <ServerTabs current="/admin/imports" />
      <DataTable name="imports" label="Readings of the panel" query={query} columns={columns} rowKey={(row) => row.id} rowHref={(row) => `/admin/imports/${row.id}`}
        empty={<EmptyState title="The panel was not read yet">Reading it shows every server that nobody here knows, with its owner. Then you choose which become whose, on which plan and from which day on; nothing is changed at the panel.</EmptyState>} />
    </Page>
  );
}

const none = <span className="text-ink-3">–</span>;

function priceOf(plans: AdminPlan[], row: ImportRow): string {
  const price = plans.find((plan) => plan.id === row.plan_id)?.prices.find((each) => each.cycle === row.cycle);
  return price ? `${formatExact(price.price, price.currency)} ${cycleWords[row.cycle].per}` : "";
}

const rowColumns = (plans: AdminPlan[]): Column<ImportRow>[] => [
  { key: "server", title: "Server", cell: (row) => <span className="wrap-anywhere">{row.server_id ? <Link href={`/admin/servers/${row.server_id}`} className="underline underline-offset-2">{row.called || row.hostname}</Link> : row.called || row.hostname || `Server ${row.panel_server}`}<span className="block text-sm text-ink-3 num">{row.ipv4 ?? `panel server ${row.panel_server}`}{row.suspended ? ", suspended" : ""}</span></span>, csv: (row) => row.called, phone: "first" },
  { key: "owner", title: "Owner at the panel", cell: (row) => <span className="wrap-anywhere">{row.owner.name || `User ${row.owner.ref}`}<span className="block text-sm text-ink-3">{row.owner.email}</span></span>, csv: (row) => row.owner.email, phone: "second" },
  { key: "account", title: "Account", cell: (row) => (row.account_id ? <Link href={`/admin/customers/${row.account_id}`} className="underline underline-offset-2">{row.account_name}</Link> : <span className="text-ink-3">A new one for its owner</span>), csv: (row) => row.account_name ?? "" },
  { key: "plan", title: "Plan", cell: (row) => (row.plan_name ? <span>{row.plan_name}<span className="block text-sm text-ink-3 num">{priceOf(plans, row)}</span></span> : <span className="text-ink-3 num">None of {sizeWords(row.size)}</span>), csv: (row) => row.plan_name ?? "" },
  { key: "starts", title: "Billed from", cell: (row) => (row.starts_on ? <On on={row.starts_on} /> : none), csv: (row) => row.starts_on ?? "" },
  { key: "state", title: "State", cell: (row) => <span><StateBadge look={rowLooks[row.state]} />{row.note ? <span className="block max-w-72 text-sm text-ink-2 wrap-anywhere">{row.note}</span> : null}</span>, csv: (row) => row.note ?? row.state, phone: "side" },
];
const filters: Filter[] = [{ name: "state", label: "State", options: (Object.keys(rowLooks) as ImportRow["state"][]).map((value) => ({ value, label: rowLooks[value].word })) }];

function Standing({ found }: { found: Import }) {
  const resume = () => void resumeImport(found.id).catch(toastError);
  return (
    <>
      {found.state === "stopped" ? <div className="mb-4"><Notice tone="warn" title="The panel stopped answering">{found.error}. What was read stands; nothing was changed. {found.can.includes("resume") ? <Button onClick={resume}>Read on</Button> : null}</Notice></div> : null}
      <p className="mb-3 text-sm text-ink-3">{found.total} servers at the panel: {found.known} known here, {found.rows} unknown. {found.done} of these adopted{found.queued ? `, ${found.queued} under way` : ""}{found.refused ? `, ${found.refused} could not be` : ""}. A user of the panel without a server is not found.</p>
    </>
  );
}

/** One reading: choose servers, say what they become, see what came of each. */
export function ImportPage() {
  const { id } = useParams<{ id: string }>();
  const { data: found, error, refetch } = useQuery(importQuery(id));
  const rows = useQuery(importRowsQuery(id, useListParams("state")));
  const plans = useQuery(adminPlansQuery()).data?.items ?? [];
  const may = useStaffMay("orders.edit");
  const [chosen, setChosen] = useState<{ rows: ImportRow[]; clear: () => void } | null>(null);
  const crumbs = [{ label: "Import", href: "/admin/imports" }];
  if (!found) return <Page title="Import" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  const take = (picked: ImportRow[], clear: () => void) => {
    const open = picked.filter((row) => row.can.includes("choose"));
    return open.length ? <Button look="primary" onClick={() => setChosen({ rows: open, clear })}>Adopt {open.length}</Button> : null;
  };
  return (
    <Page title="Servers of the panel" crumbs={crumbs} meta={<><StateBadge look={importLooks[found.state]} /><span className="text-ink-3">{found.asked_by}, <Ago at={found.created_at} happened /></span></>}>
      <Standing found={found} />
      <DataTable name="import-rows" label="Servers that nobody here knows" query={rows} columns={rowColumns(plans)} filters={filters} rowKey={(row) => row.id} bulk={may ? take : undefined}
        empty={<EmptyState title="Nothing to import">{found.state === "ready" ? "Every server of the panel is known here." : "Servers appear here as they are read."}</EmptyState>} />
      {chosen ? <ImportDialog id={id} rows={chosen.rows} onClose={() => setChosen(null)} onBegun={chosen.clear} /> : null}
    </Page>
  );
}
