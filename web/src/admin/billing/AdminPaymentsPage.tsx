import { useQuery } from "@tanstack/react-query";
import { adminPaymentsQuery } from "../../api/admin";
import type { AdminPayment } from "../../api/adminTypes";
import { majorString } from "../../lib/format";
import { gatewayWords, paymentLooks } from "../../parts/billing/words";
import { StateBadge } from "../../ui/Badge";
import { Id } from "../../ui/Copy";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { MoneyTabs } from "./MoneyTabs";

const columns: Column<AdminPayment>[] = [
  { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-60 truncate">{row.account_name}</span>, sortBy: (row) => row.account_name, csv: (row) => row.account_name, phone: "first" },
  { key: "gateway", title: "By", cell: (row) => gatewayWords[row.gateway], csv: (row) => row.gateway, phone: "second" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={paymentLooks[row.state]} />, csv: (row) => row.state, phone: "second" },
  { key: "ref", title: "Reference", cell: (row) => (row.gateway_ref ? <span className="relative z-10"><Id id={row.gateway_ref} /></span> : <span className="text-ink-3">–</span>), csv: (row) => row.gateway_ref ?? "" },
  { key: "invoice", title: "Invoice", cell: (row) => row.invoice_number, csv: (row) => row.invoice_number },
  { key: "message", title: "Message", cell: (row) => <span className={row.attention ? "block max-w-64 truncate text-bad" : "block max-w-64 truncate text-ink-3"} title={row.attention ?? row.message ?? ""}>{row.attention ?? row.message}</span>, csv: (row) => row.attention ?? row.message ?? "" },
  { key: "created", title: "Begun", cell: (row) => <Ago at={row.created_at} />, sortBy: (row) => row.created_at, csv: (row) => row.created_at, phone: "second" },
  { key: "amount", title: "Amount", align: "right", cell: (row) => <Money value={row.amount} />, sortBy: (row) => row.amount.minor, csv: (row) => `${majorString(row.amount)} ${row.amount.currency}`, phone: "side" },
];
const filters: Filter[] = [
  { name: "state", label: "State", options: Object.entries(paymentLooks).map(([value, look]) => ({ value, label: look.word })) },
];

export function AdminPaymentsPage() {
  const query = useQuery(adminPaymentsQuery(useListParams("state")));
  return (
    <Page title="Payments">
      <MoneyTabs current="/admin/payments" />
      <DataTable name="admin-payments" label="Payments" query={query} columns={columns} filters={filters} rowKey={(row) => row.id} rowHref={(row) => `/admin/payments/${row.id}`}
        empty={<EmptyState title="No payments yet">Each attempt to pay, settled or not, will stand here.</EmptyState>} />
    </Page>
  );
}
