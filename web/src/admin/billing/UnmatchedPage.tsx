import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dismissUnmatched, type Unmatched, unmatchedQuery } from "../../api/adminPayments";
import { queryClient } from "../../api/query";
import { majorString } from "../../lib/format";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Id } from "../../ui/Copy";
import { At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { MoneyTabs } from "./MoneyTabs";

const looks: Record<Unmatched["state"], StateLook> = { open: { word: "Unknown", tone: "warn" }, matched: { word: "Found", tone: "good" }, dismissed: { word: "Dismissed", tone: "neutral" } };
const filters: Filter[] = [{ name: "state", label: "State", options: Object.entries(looks).map(([value, look]) => ({ value, label: look.word })) }];

function columns(ask: (request: ConfirmRequest) => void): Column<Unmatched>[] {
  const dismiss = (row: Unmatched) => ask({
    title: "Dismiss this movement?", body: <p>It stays at PayPal and out of our books. Say what it is, for whoever looks next.</p>, verb: "Dismiss", reasonLabel: "What it is",
    run: (reason) => dismissUnmatched(row.id, reason).then(() => queryClient.invalidateQueries({ queryKey: ["admin", "unmatched"] })),
  });
  return [
    { key: "ref", title: "At PayPal", cell: (row) => <Id id={row.transaction_ref} />, csv: (row) => row.transaction_ref, phone: "first" },
    { key: "code", title: "Kind", cell: (row) => row.event_code, csv: (row) => row.event_code, phone: "second" },
    { key: "state", title: "State", cell: (row) => <StateBadge look={looks[row.state]} />, csv: (row) => row.state, phone: "second" },
    { key: "names", title: "It names", cell: (row) => <span className="block max-w-56 truncate text-ink-3">{row.note ?? row.invoice_ref ?? row.custom_id ?? "nothing"}</span>, csv: (row) => row.invoice_ref ?? row.custom_id ?? "" },
    { key: "at", title: "When", cell: (row) => <At at={row.happened_at} />, csv: (row) => row.happened_at, sortBy: (row) => row.happened_at, phone: "second" },
    { key: "amount", title: "Amount", align: "right", cell: (row) => <Money signed value={row.amount} />, csv: (row) => `${majorString(row.amount)} ${row.amount.currency}`, phone: "side" },
    { key: "act", title: "Repair", cell: (row) => (row.can.includes("dismiss") ? <Button look="quiet" onClick={() => dismiss(row)}>Dismiss<span className="sr-only"> {row.transaction_ref}</span></Button> : null), csv: () => "" },
  ];
}

/** What moved at PayPal and is unknown to the books. */
export function UnmatchedTable() {
  const query = useQuery(unmatchedQuery(useListParams("state")));
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  return (
    <>
      <DataTable name="admin-unmatched" label="Unmatched movements" query={query} columns={columns(setAsking)} filters={filters} rowKey={(row) => row.id}
        empty={<EmptyState title="Everything at PayPal is in the books">Each night PayPal's own report is compared with the ledger. What the ledger does not know stands here.</EmptyState>} />
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </>
  );
}

export function UnmatchedPage() {
  return (
    <Page title="Unmatched money">
      <MoneyTabs current="/admin/unmatched" />
      <UnmatchedTable />
    </Page>
  );
}
