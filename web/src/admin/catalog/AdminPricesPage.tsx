import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cancelChange, type PriceChange, priceChangesQuery } from "../../api/prices";
import { queryClient } from "../../api/query";
import { formatExact } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { On } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { CatalogTabs } from "./CatalogTabs";
import { PriceChangeDialog } from "./PriceChangeDialog";

const looks: Record<PriceChange["state"], StateLook> = {
  announced: { word: "Announced", tone: "info" }, applied: { word: "In force", tone: "good" }, cancelled: { word: "Taken back", tone: "neutral" },
};
const policies = { keep: "Keep theirs", move: "Move" };
const before = (row: PriceChange) => (row.price_before === null ? "–" : formatExact(row.price_before, row.currency));

function columnsWith(cancel: (change: PriceChange) => void): Column<PriceChange>[] {
  return [
    { key: "plan", title: "Plan", cell: (row) => row.plan_name, csv: (row) => row.plan_name, phone: "first", className: "font-medium" },
    { key: "cycle", title: "Billing", cell: (row) => cycleWords[row.cycle].name, csv: (row) => row.cycle },
    { key: "before", title: "Before", align: "right", cell: before, csv: (row) => row.price_before ?? "" },
    { key: "price", title: "New price", align: "right", cell: (row) => formatExact(row.price, row.currency), csv: (row) => row.price, phone: "second" },
    { key: "from", title: "From", cell: (row) => <On on={row.effective_on} />, csv: (row) => row.effective_on, phone: "second" },
    { key: "policy", title: "Servers that run", cell: (row) => policies[row.policy], csv: (row) => row.policy },
    { key: "state", title: "State", cell: (row) => <StateBadge look={looks[row.state]} />, csv: (row) => row.state, phone: "side" },
    { key: "cancel", title: "Actions", untitled: true, align: "right", cell: (row) => (row.can.includes("cancel") ? <Button look="quiet" onClick={() => cancel(row)}>Take back<span className="sr-only"> {row.plan_name}</span></Button> : null) },
  ];
}

export function AdminPricesPage() {
  const query = useQuery(priceChangesQuery(useListParams()));
  const [making, setMaking] = useState(false);
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const cancel = (row: PriceChange) => setAsking({
    title: `Take back the change of ${row.plan_name}?`, body: <p>Nobody moves to {formatExact(row.price, row.currency)}. Mails that have gone out stay; write to those customers.</p>, verb: "Take back", danger: true,
    run: () => cancelChange(row.id).then(() => queryClient.invalidateQueries({ queryKey: ["admin", "price-changes"] })),
  });
  return (
    <Page title="Price changes" action={<Button look="primary" icon="plus" onClick={() => setMaking(true)}>Change a price</Button>}>
      <CatalogTabs current="/admin/prices" />
      <DataTable name="price-changes" label="Price changes" query={query} columns={columnsWith(cancel)} rowKey={(row) => row.id}
        empty={<EmptyState title="No price changes">Announce a new price from a day on, and choose whether servers that run keep theirs or move to it with notice.</EmptyState>} />
      {making ? <PriceChangeDialog onClose={() => setMaking(false)} /> : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
