import { useQuery } from "@tanstack/react-query";
import { invoicesQuery } from "../../api/billing";
import type { InvoiceRow } from "../../api/types";
import { invoiceColumns, invoiceFilters } from "../../parts/billing/invoiceColumns";
import { ExportMenu } from "../../parts/billing/ExportMenu";
import { useViewer } from "../../parts/identity/session";
import { LinkButton } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { BalanceText, BillingTabs } from "./BillingTabs";

const columns = invoiceColumns<InvoiceRow>();

export function InvoicesPage() {
  const { account } = useViewer();
  const query = useQuery(invoicesQuery(account.id, useListParams("state")));
  return (
    <Page title="Billing" meta={<BalanceText />} action={<><ExportMenu accountId={account.id} /><LinkButton href="/top-up" icon="plus">Top up</LinkButton></>}>
      <BillingTabs current="/invoices" />
      <DataTable name="invoices" label="Invoices" query={query} columns={columns} filters={invoiceFilters} rowKey={(row) => row.id} rowHref={(row) => `/invoices/${row.id}`}
        empty={<EmptyState title="No invoices yet">Each order and each renewal brings one. They stay here for good.</EmptyState>} />
    </Page>
  );
}
