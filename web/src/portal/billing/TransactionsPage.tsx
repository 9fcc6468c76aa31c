import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { hoursOfDayQuery, transactionsQuery } from "../../api/billing";
import type { Transaction } from "../../api/types";
import { formatDate, majorString } from "../../lib/format";
import { transactionWords } from "../../parts/billing/words";
import { useViewer } from "../../parts/identity/session";
import { Ago, At } from "../../ui/DateTime";
import { Dialog } from "../../ui/Dialog";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { BalanceText, BillingTabs } from "./BillingTabs";

const word = (kind: string) => transactionWords[kind] ?? kind.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());

const filters: Filter[] = [{ name: "hours", label: "Hours", options: [{ value: "each", label: "Each hour by itself" }] }];

/** The movements behind a row that stands for the hours of a day. */
function HoursOfDay({ row }: { row: Transaction }) {
  const [open, setOpen] = useState(false);
  if (!row.folded) return null;
  return (
    <>
      <button type="button" className="relative z-10 text-sm text-accent-text underline underline-offset-2" onClick={() => setOpen(true)}>{row.folded.count} movements<span className="sr-only"> of {row.description}</span></button>
      <Dialog open={open} title={`Hours of ${formatDate(row.folded.on)}`} onClose={() => setOpen(false)}><Movements day={row.folded} /></Dialog>
    </>
  );
}

function Movements({ day }: { day: NonNullable<Transaction["folded"]> }) {
  const { account } = useViewer();
  const { data, error, refetch } = useQuery(hoursOfDayQuery(account.id, day.service_id, day.on));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonLines />;
  return (
    <>
      <ul className="divide-y divide-line">
        {data.items.map((each) => (
          <li key={each.id} className="grid grid-cols-[1fr_auto] gap-x-4 py-1.5">
            <span>{each.description}<span className="block text-sm text-ink-3"><At at={each.at} /></span></span>
            <Money signed value={each.amount} className="text-right" />
          </li>
        ))}
      </ul>
      {data.next ? <p className="mt-2 text-sm text-ink-3">The latest {data.items.length}; the list shows each hour by its filter.</p> : null}
    </>
  );
}

const columns: Column<Transaction>[] = [
  { key: "what", title: "What", cell: (row) => <span className="block">{row.description}{row.folded ? <span className="block"><HoursOfDay row={row} /></span> : null}</span>, csv: (row) => row.description, phone: "first" },
  { key: "kind", title: "Kind", cell: (row) => word(row.kind), csv: (row) => row.kind, phone: "second" },
  { key: "at", title: "When", cell: (row) => <Ago at={row.at} />, sortBy: (row) => row.at, csv: (row) => row.at, phone: "second" },
  { key: "invoice", title: "Invoice", csv: (row) => row.invoice_id ?? "",
    cell: (row) => (row.invoice_id ? <Link href={`/invoices/${row.invoice_id}`} className="relative z-10 text-accent-text underline underline-offset-2">Open</Link> : <span className="text-ink-3">–</span>) },
  { key: "amount", title: "Amount", align: "right", cell: (row) => <Money signed value={row.amount} />, sortBy: (row) => row.amount.minor, csv: (row) => `${majorString(row.amount)} ${row.amount.currency}`, phone: "side" },
  { key: "balance", title: "Balance after", align: "right", cell: (row) => (row.balance_after ? <Money value={row.balance_after} /> : <span className="text-ink-3">–</span>), csv: (row) => (row.balance_after ? majorString(row.balance_after) : "") },
];

export function TransactionsPage() {
  const { account } = useViewer();
  const query = useQuery(transactionsQuery(account.id, useListParams("hours")));
  return (
    <Page title="Transactions" meta={<BalanceText />}>
      <BillingTabs current="/transactions" />
      <DataTable name="transactions" label="Transactions" query={query} columns={columns} filters={filters} rowKey={(row) => row.id}
        empty={<EmptyState title="Nothing booked yet">Payments, refunds and what was taken for invoices will stand here, each with the balance after it.</EmptyState>} />
    </Page>
  );
}
