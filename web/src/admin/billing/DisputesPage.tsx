import { useQuery } from "@tanstack/react-query";
import { type Dispute, disputesQuery } from "../../api/adminPayments";
import { majorString } from "../../lib/format";
import { StateBadge } from "../../ui/Badge";
import { Ago, At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { disputeLooks, said } from "./disputes";
import { MoneyTabs } from "./MoneyTabs";

const columns: Column<Dispute>[] = [
  { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-60 truncate">{row.account_name}</span>, csv: (row) => row.account_name, phone: "first" },
  { key: "reason", title: "Reason", cell: (row) => said(row.reason), csv: (row) => row.reason, phone: "second" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={disputeLooks[row.state]} />, csv: (row) => row.state, phone: "second" },
  { key: "stage", title: "Stage", cell: (row) => said(row.stage), csv: (row) => row.stage },
  { key: "until", title: "Answer until", cell: (row) => (row.answer_until && row.state === "open" ? <At at={row.answer_until} /> : <span className="text-ink-3">–</span>), csv: (row) => row.answer_until ?? "", sortBy: (row) => row.answer_until ?? "" },
  { key: "opened", title: "Opened", cell: (row) => <Ago at={row.opened_at} />, csv: (row) => row.opened_at, sortBy: (row) => row.opened_at },
  { key: "amount", title: "Amount", align: "right", cell: (row) => <Money value={row.amount} />, csv: (row) => `${majorString(row.amount)} ${row.amount.currency}`, phone: "side" },
];
const filters: Filter[] = [{ name: "state", label: "State", options: Object.entries(disputeLooks).map(([value, look]) => ({ value, label: look.word })) }];

export function DisputesPage() {
  const query = useQuery(disputesQuery(useListParams("state")));
  return (
    <Page title="Disputes">
      <MoneyTabs current="/admin/disputes" />
      <DataTable name="admin-disputes" label="Disputes" query={query} columns={columns} filters={filters} rowKey={(row) => row.id} rowHref={(row) => `/admin/disputes/${row.id}`}
        empty={<EmptyState title="No disputes">When a payer contests a payment at PayPal it stands here, with the day by which to answer.</EmptyState>} />
    </Page>
  );
}
