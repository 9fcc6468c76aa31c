import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BulkVerb } from "../../api/adminBulk";
import { adminServersQuery } from "../../api/admin";
import { loadsQuery } from "../../api/metrics";
import type { AdminServer } from "../../api/adminTypes";
import { loadColumn } from "../../parts/metrics/Sparkline";
import { serverColumns } from "../../parts/servers/serverColumns";
import { useStaffMay } from "../../parts/identity/session";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { BulkDialog } from "./BulkDialog";
import { bulkVerbs, verbOrder } from "./bulkWords";
import { ServerTabs } from "./ServerTabs";

type Row = AdminServer;
// On a phone the customer says more than the place, and two lines are enough.
const [first, ...rest] = serverColumns<Row>(false);
const customer: Column<Row> = { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-60 truncate">{row.account_name}</span>, sortBy: (row) => row.account_name, csv: (row) => row.account_name, phone: "second" };

type Chosen = { verb: BulkVerb; ids: string[]; clear: () => void };

export function AdminServersPage() {
  const may = useStaffMay("servers.operate");
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const query = useQuery(adminServersQuery(useListParams("q")));
  const loads = useQuery(loadsQuery((query.data?.items ?? []).map((row) => row.id), true));
  const columns = first ? [first, customer, ...rest, loadColumn<Row>(loads.data?.items)] : [];
  return (
    <Page title="Servers">
      <ServerTabs current="/admin/servers" />
      <DataTable name="admin-servers" label="Servers" query={query} columns={columns} search="Name, address or customer" rowKey={(row) => row.id} rowHref={(row) => `/admin/servers/${row.id}`}
        bulk={may ? (rows, clear) => verbOrder.map((verb) => <Button key={verb} onClick={() => setChosen({ verb, ids: rows.map((row) => row.id), clear })}>{bulkVerbs[verb].verb}</Button>) : undefined}
        empty={<EmptyState title="No servers yet">Every customer's server will stand here.</EmptyState>} />
      {chosen ? <BulkDialog verb={chosen.verb} ids={chosen.ids} onClose={() => setChosen(null)} onBegun={chosen.clear} /> : null}
    </Page>
  );
}
