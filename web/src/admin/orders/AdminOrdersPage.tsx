import { useQuery } from "@tanstack/react-query";
import { adminOrdersQuery } from "../../api/admin";
import type { AdminOrder } from "../../api/adminTypes";
import { majorString } from "../../lib/format";
import { orderLooks } from "../../parts/orders/words";
import { StateBadge } from "../../ui/Badge";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";

const columns: Column<AdminOrder>[] = [
  { key: "number", title: "Order", cell: (row) => row.number, sortBy: (row) => row.number, csv: (row) => row.number, phone: "first" },
  { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-60 truncate">{row.account_name}</span>, sortBy: (row) => row.account_name, csv: (row) => row.account_name, phone: "second" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={orderLooks[row.state]} />, csv: (row) => orderLooks[row.state].word, phone: "side" },
  { key: "hostname", title: "Hostname", cell: (row) => <span className="block max-w-64 truncate">{row.hostname}</span>, csv: (row) => row.hostname },
  { key: "plan", title: "Plan", cell: (row) => row.plan.name, csv: (row) => row.plan.name },
  { key: "created", title: "Placed", cell: (row) => <Ago at={row.created_at} />, sortBy: (row) => row.created_at, csv: (row) => row.created_at, phone: "second" },
  { key: "total", title: "Total", align: "right", cell: (row) => <Money value={row.total} />, sortBy: (row) => row.total.minor, csv: (row) => `${majorString(row.total)} ${row.total.currency}` },
];
const filters: Filter[] = [{ name: "state", label: "State", options: Object.entries(orderLooks).map(([value, look]) => ({ value, label: look.word })) }];

export function AdminOrdersPage() {
  const query = useQuery(adminOrdersQuery(useListParams("state", "q")));
  return (
    <Page title="Orders">
      <DataTable name="admin-orders" label="Orders" query={query} columns={columns} filters={filters} search="Number, hostname or customer" rowKey={(row) => row.id} rowHref={(row) => `/admin/orders/${row.id}`}
        empty={<EmptyState title="No orders yet">Each order with how far it has come will stand here.</EmptyState>} />
    </Page>
  );
}
