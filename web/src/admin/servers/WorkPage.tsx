import { useQuery } from "@tanstack/react-query";
import { retryProvision } from "../../api/admin";
import { type Work, workQuery } from "../../api/adminBulk";
import { queryClient } from "../../api/query";
import { taskWords } from "../../parts/servers/words";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Ago } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { toast, toastError } from "../../ui/Toast";
import { ServerTabs } from "./ServerTabs";

const looks: Record<Work["state"], StateLook> = {
  queued: { word: "Waiting", tone: "neutral", moving: true }, running: { word: "Under way", tone: "info", moving: true }, failed: { word: "Failed", tone: "bad" },
};
const renew = () => queryClient.invalidateQueries({ queryKey: ["admin", "work"] });

function Retry({ row }: { row: Work }) {
  if (!row.can.includes("retry")) return null;
  return <Button className="relative z-10" onClick={() => void retryProvision(row.id).then(() => toast("It goes on"), toastError).then(renew)}>Try again<span className="sr-only">: {row.hostname}</span></Button>;
}

const columns: Column<Work>[] = [
  { key: "what", title: "What", cell: (row) => <span className="font-medium">{taskWords[row.kind] ?? row.kind}</span>, csv: (row) => row.kind, phone: "first" },
  { key: "server", title: "Server", cell: (row) => <span className="block max-w-56 truncate">{row.hostname}</span>, csv: (row) => row.hostname, phone: "second" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={looks[row.state]} />, csv: (row) => row.state, phone: "side" },
  { key: "since", title: "Age", cell: (row) => <Ago at={row.since} />, sortBy: (row) => row.since, csv: (row) => row.since, phone: "second" },
  { key: "attempts", title: "Tries", align: "right", cell: (row) => row.attempts, sortBy: (row) => row.attempts, csv: (row) => String(row.attempts) },
  { key: "error", title: "Error", cell: (row) => <span className="block max-w-72 truncate text-sm text-bad" title={row.error ?? ""}>{row.error}</span>, csv: (row) => row.error ?? "" },
  { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-48 truncate">{row.account_name}</span>, csv: (row) => row.account_name },
  { key: "by", title: "Asked by", extra: true, cell: (row) => row.asked_by, csv: (row) => row.asked_by ?? "" },
  { key: "retry", title: "Actions", untitled: true, align: "right", cell: (row) => <Retry row={row} /> },
];
const filters: Filter[] = [{ name: "state", label: "State", options: [{ value: "under_way", label: "Under way" }, { value: "failed", label: "Failed" }] }];

/** Creations and tasks at the panel: how old, how often tried, what went wrong. */
export function WorkPage() {
  const query = useQuery({ ...workQuery(useListParams("state")), refetchInterval: 15_000 });
  return (
    <Page title="Under way">
      <ServerTabs current="/admin/work" />
      <DataTable name="work" label="Under way" query={query} columns={columns} filters={filters} rowKey={(row) => row.id} rowHref={(row) => (row.order_id ? `/admin/orders/${row.order_id}` : `/admin/servers/${row.server_id}`)}
        empty={<EmptyState title="Nothing is under way">Servers that are being made and tasks at the panel stand here until they are done; what failed stands for a week.</EmptyState>} />
    </Page>
  );
}
