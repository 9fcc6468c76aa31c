import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { customersQuery } from "../../api/admin";
import { endOwnPrice, type OwnPrice, ownPricesQuery, setOwnPrice } from "../../api/prices";
import { formatExact, today } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { Button } from "../../ui/Button";
import { On } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { CatalogTabs } from "./CatalogTabs";
import { decimal, type Fact, FactsDialog } from "./FactsDialog";
import { cycleChoices, useChoices } from "./useChoices";

function columnsWith(end: (row: OwnPrice) => void): Column<OwnPrice>[] {
  return [
    { key: "customer", title: "Customer", cell: (row) => <Link href={`/admin/customers/${row.account_id}`} className="underline underline-offset-2">{row.account_name}</Link>, csv: (row) => row.account_name, phone: "first", className: "font-medium" },
    { key: "plan", title: "Plan", cell: (row) => `${row.plan_name}, ${cycleWords[row.cycle].name.toLowerCase()}`, csv: (row) => row.plan_name, phone: "second" },
    { key: "price", title: "Price", align: "right", cell: (row) => formatExact(row.price, row.currency), csv: (row) => row.price, phone: "side" },
    { key: "reason", title: "Reason", cell: (row) => <span className="block max-w-72 truncate" title={row.reason}>{row.reason}</span>, csv: (row) => row.reason },
    { key: "from", title: "From", cell: (row) => <On on={row.starts_on} />, csv: (row) => row.starts_on },
    { key: "until", title: "Until", cell: (row) => (row.ends_on ? <On on={row.ends_on} /> : <span className="text-ink-3">–</span>), csv: (row) => row.ends_on ?? "", phone: "second" },
    { key: "end", title: "Actions", untitled: true, align: "right", cell: (row) => <Button look="quiet" onClick={() => end(row)}>End<span className="sr-only"> the price of {row.account_name}</span></Button> },
  ];
}

function NewOwnPrice({ onClose }: { onClose: () => void }) {
  const choices = useChoices();
  const customers = useQuery(customersQuery({ limit: 100 })).data?.items;
  if (!choices.ready || !customers?.length) return null;
  const facts: Fact[] = [
    { name: "account_id", label: "Customer", options: customers.map((each) => ({ value: each.account_id, label: each.name })) },
    { name: "plan_id", label: "Plan", options: choices.plans }, { name: "cycle", label: "Billing", options: cycleChoices },
    { name: "currency", label: "Currency", options: choices.currencies }, { name: "price", label: "Price", kind: "decimal" },
    { name: "starts_on", label: "From", kind: "date" }, { name: "ends_on", label: "Until", kind: "date", optional: true },
    { name: "reason", label: "Reason", wide: true, help: "Kept in the audit log." },
  ];
  return (
    <FactsDialog title="New own price" verb="Give this price" facts={facts} names={["price-overrides"]} said="The price is set" onClose={onClose}
      initial={{ account_id: customers[0]?.account_id ?? "", plan_id: choices.plans[0]?.value ?? "", cycle: "monthly", currency: choices.currencies[0]?.value ?? "", price: "", starts_on: today(), ends_on: "", reason: "" }}
      save={(values) => setOwnPrice({
        account_id: values.account_id ?? "", plan_id: values.plan_id ?? "", currency: values.currency ?? "", cycle: values.cycle as OwnPrice["cycle"], price: decimal(values.price),
        reason: values.reason ?? "", starts_on: values.starts_on ?? "", ends_on: values.ends_on || null,
      })} />
  );
}

export function AdminOwnPricesPage() {
  const query = useQuery(ownPricesQuery(useListParams()));
  const [open, setOpen] = useState<OwnPrice | "new" | null>(null);
  const close = () => setOpen(null);
  return (
    <Page title="Own prices" action={<Button look="primary" icon="plus" onClick={() => setOpen("new")}>New own price</Button>}>
      <CatalogTabs current="/admin/own-prices" />
      <DataTable name="own-prices" label="Own prices" query={query} columns={columnsWith(setOpen)} rowKey={(row) => row.id}
        empty={<EmptyState title="No own prices">A price that one customer pays for a plan instead of the list's, with its reason. It wins over the list and over price changes.</EmptyState>} />
      {open === "new" ? <NewOwnPrice onClose={close} /> : open ? (
        <FactsDialog title={`End the price of ${open.account_name}`} verb="End price" names={["price-overrides"]} said="The price ends" onClose={close}
          facts={[{ name: "ends_on", label: "Last day", kind: "date", help: "Periods that begin later cost what the list says." }]} initial={{ ends_on: today() }} save={({ ends_on }) => endOwnPrice(open.id, ends_on ?? "")} />
      ) : null}
    </Page>
  );
}
