import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { transactionsQuery } from "../../api/billing";
import type { Transaction } from "../../api/types";
import { majorString } from "../../lib/format";
import { transactionWords } from "../../parts/billing/words";
import { useViewer } from "../../parts/identity/session";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { BalanceText, BillingTabs } from "./BillingTabs";

const word = (kind: string) => transactionWords[kind] ?? kind.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());

const columns: Column<Transaction>[] = [
  { key: "what", title: "What", cell: (row) => row.description, csv: (row) => row.description, phone: "first" },
  { key: "kind", title: "Kind", cell: (row) => word(row.kind), csv: (row) => row.kind, phone: "second" },
  { key: "at", title: "When", cell: (row) => <Ago at={row.at} />, sortBy: (row) => row.at, csv: (row) => row.at, phone: "second" },
  { key: "invoice", title: "Invoice", csv: (row) => row.invoice_id ?? "",
    cell: (row) => (row.invoice_id ? <Link href={`/invoices/${row.invoice_id}`} className="relative z-10 text-accent-text underline underline-offset-2">Open</Link> : <span className="text-ink-3">–</span>) },
  { key: "amount", title: "Amount", align: "right", cell: (row) => <Money signed value={row.amount} />, sortBy: (row) => row.amount.minor, csv: (row) => `${majorString(row.amount)} ${row.amount.currency}`, phone: "side" },
  { key: "balance", title: "Balance after", align: "right", cell: (row) => (row.balance_after ? <Money value={row.balance_after} /> : <span className="text-ink-3">–</span>), csv: (row) => (row.balance_after ? majorString(row.balance_after) : "") },
];

export function TransactionsPage() {
  const { account } = useViewer();
  const query = useQuery(transactionsQuery(account.id, useListParams()));
  return (
    <Page title="Transactions" meta={<BalanceText />}>
      <BillingTabs current="/transactions" />
      <DataTable name="transactions" label="Transactions" query={query} columns={columns} rowKey={(row) => row.id}
        empty={<EmptyState title="Nothing booked yet">Payments, refunds and what was taken for invoices will stand here, each with the balance after it.</EmptyState>} />
    </Page>
  );
}
