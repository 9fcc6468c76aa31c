import { useQuery } from "@tanstack/react-query";
import { adminServersQuery } from "../../api/admin";
import type { WithAccount } from "../../api/adminTypes";
import type { Server } from "../../api/types";
import { serverColumns } from "../../parts/servers/serverColumns";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";

type Row = WithAccount<Server>;
const [first, ...rest] = serverColumns<Row>();
const customer: Column<Row> = { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-60 truncate">{row.account_name}</span>, sortBy: (row) => row.account_name, csv: (row) => row.account_name, phone: "second" };
const columns = first ? [first, customer, ...rest] : [];
const states: [string, string][] = [["allocating", "Allocating"], ["installing", "Installing"], ["ready", "Ready"], ["failed", "Failed"], ["deleting", "Deleting"], ["deleted", "Deleted"]];
const filters: Filter[] = [{ name: "state", label: "State", options: states.map(([value, label]) => ({ value, label })) }];

export function AdminServersPage() {
  const query = useQuery(adminServersQuery(useListParams("state", "q")));
  return (
    <Page title="Servers">
      <DataTable name="admin-servers" label="Servers" query={query} columns={columns} filters={filters} search="Name, address or customer" rowKey={(row) => row.id} rowHref={(row) => `/admin/servers/${row.id}`}
        empty={<EmptyState title="No servers yet">Every customer's server will stand here.</EmptyState>} />
    </Page>
  );
}
