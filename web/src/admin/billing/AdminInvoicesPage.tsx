import { useQuery } from "@tanstack/react-query";
import { adminInvoicesQuery } from "../../api/admin";
import type { AdminInvoiceRow } from "../../api/adminTypes";
import { invoiceColumns, invoiceFilters } from "../../parts/billing/invoiceColumns";
import { ExportMenu } from "../../parts/billing/ExportMenu";
import { invoiceKinds } from "../../parts/billing/words";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { MoneyTabs } from "./MoneyTabs";

const [first, ...rest] = invoiceColumns<AdminInvoiceRow>();
const customer: Column<AdminInvoiceRow> = { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-60 truncate">{row.account_name}</span>, sortBy: (row) => row.account_name, csv: (row) => row.account_name, phone: "second" };
const columns = first ? [first, customer, ...rest] : [];

const filters = [...invoiceFilters, { name: "kind", label: "Kind", options: Object.entries(invoiceKinds).map(([value, label]) => ({ value, label })) }];

export function AdminInvoicesPage() {
  const query = useQuery(adminInvoicesQuery(useListParams("state", "kind")));
  return (
    <Page title="Invoices" action={<ExportMenu accountId={null} />}>
      <MoneyTabs current="/admin/invoices" />
      <DataTable name="admin-invoices" label="Invoices" query={query} columns={columns} filters={filters} rowKey={(row) => row.id} rowHref={(row) => `/admin/invoices/${row.id}`}
        empty={<EmptyState title="No invoices yet">The first order brings the first invoice.</EmptyState>} />
    </Page>
  );
}
