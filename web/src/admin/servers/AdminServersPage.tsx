import { useQuery } from "@tanstack/react-query";
import { adminServersQuery } from "../../api/admin";
import type { AdminServer } from "../../api/adminTypes";
import { serverColumns } from "../../parts/servers/serverColumns";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { ServerTabs } from "./ServerTabs";

type Row = AdminServer;
const [first, ...rest] = serverColumns<Row>();
const customer: Column<Row> = { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-60 truncate">{row.account_name}</span>, sortBy: (row) => row.account_name, csv: (row) => row.account_name, phone: "second" };
const columns = first ? [first, customer, ...rest] : [];

export function AdminServersPage() {
  const query = useQuery(adminServersQuery(useListParams("q")));
  return (
    <Page title="Servers">
      <ServerTabs current="/admin/servers" />
      <DataTable name="admin-servers" label="Servers" query={query} columns={columns} search="Name, address or customer" rowKey={(row) => row.id} rowHref={(row) => `/admin/servers/${row.id}`}
        empty={<EmptyState title="No servers yet">Every customer's server will stand here.</EmptyState>} />
    </Page>
  );
}
