import { useQuery } from "@tanstack/react-query";
import { ordersQuery } from "../../api/orders";
import type { Order } from "../../api/types";
import { majorString } from "../../lib/format";
import { useViewer } from "../../parts/identity/session";
import { PlaceText } from "../../parts/catalog/Marks";
import { orderLooks } from "../../parts/orders/words";
import { StateBadge } from "../../ui/Badge";
import { LinkButton } from "../../ui/Button";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";

const columns: Column<Order>[] = [
  { key: "number", title: "Order", cell: (row) => row.number, sortBy: (row) => row.number, csv: (row) => row.number, phone: "first" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={orderLooks[row.state]} />, csv: (row) => orderLooks[row.state].word, phone: "side" },
  { key: "hostname", title: "Hostname", cell: (row) => <span className="block max-w-72 truncate">{row.hostname}</span>, sortBy: (row) => row.hostname, csv: (row) => row.hostname, phone: "second" },
  { key: "plan", title: "Plan", cell: (row) => row.plan.name, csv: (row) => row.plan.name },
  { key: "location", title: "Location", cell: (row) => <PlaceText place={row.location} />, csv: (row) => row.location.city },
  { key: "created", title: "Placed", cell: (row) => <Ago at={row.created_at} />, sortBy: (row) => row.created_at, csv: (row) => row.created_at, phone: "second" },
  { key: "total", title: "Total", align: "right", cell: (row) => <Money value={row.total} />, sortBy: (row) => row.total.minor, csv: (row) => `${majorString(row.total)} ${row.total.currency}` },
];

export function OrdersPage() {
  const { account } = useViewer();
  const params = useListParams();
  const query = useQuery(ordersQuery(account.id, params));
  return (
    <Page title="Orders" action={<LinkButton look="primary" icon="plus" href="/order">Order a server</LinkButton>}>
      <DataTable name="orders" label="Orders" query={query} columns={columns} rowKey={(row) => row.id} rowHref={(row) => `/orders/${row.id}`}
        empty={<EmptyState title="No orders yet" action={<LinkButton look="primary" href="/order">Order a server</LinkButton>}>Each order and how far it has come will stand here.</EmptyState>} />
    </Page>
  );
}
