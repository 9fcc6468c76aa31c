import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addAddon, type AdminAddon, adminAddonsQuery, editAddon } from "../../api/prices";
import type { Cycle } from "../../api/types";
import { formatExact } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { CatalogTabs } from "./CatalogTabs";
import { decimal, type Fact, FactsDialog } from "./FactsDialog";
import { useChoices } from "./useChoices";

const kinds = { ipv4: "IPv4 address", traffic: "Traffic", backup: "Backup", other: "Other" };
const cycles = Object.keys(cycleWords) as Cycle[];
const monthly = (row: AdminAddon) => row.prices.filter((price) => price.cycle === "monthly").map((price) => formatExact(price.price, price.currency)).join(" · ") || "–";

function columnsWith(open: (addon: AdminAddon) => void): Column<AdminAddon>[] {
  return [
    { key: "name", title: "Add-on", cell: (row) => row.name, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first", className: "font-medium" },
    { key: "kind", title: "Kind", cell: (row) => kinds[row.kind], csv: (row) => row.kind, phone: "second" },
    { key: "state", title: "State", cell: (row) => <StateBadge look={!row.offered ? { word: "Hidden", tone: "neutral" } : row.prices.length > 0 ? { word: "Offered", tone: "good" } : { word: "No price", tone: "warn" }} />, csv: (row) => (row.offered ? "offered" : "hidden"), phone: "side" },
    { key: "max", title: "At most", align: "right", cell: (row) => row.quantity_max, csv: (row) => String(row.quantity_max) },
    { key: "price", title: "Monthly, each", align: "right", cell: monthly, csv: monthly, phone: "second" },
    { key: "edit", title: "Actions", untitled: true, align: "right", phone: "side", cell: (row) => <Button look="quiet" onClick={() => open(row)}>Edit<span className="sr-only"> {row.name}</span></Button> },
  ];
}

function AddonDialog({ addon, currencies, onClose }: { addon: AdminAddon | null; currencies: string[]; onClose: () => void }) {
  const slots = cycles.flatMap((cycle) => currencies.map((currency) => ({ name: `${cycle}-${currency}`, cycle, currency })));
  const before = (cycle: Cycle, currency: string) => addon?.prices.find((price) => price.cycle === cycle && price.currency === currency)?.price ?? "";
  const facts: Fact[] = [
    { name: "name", label: "Name" },
    ...(addon ? [] : [{ name: "kind", label: "Kind", options: Object.entries(kinds).map(([value, label]) => ({ value, label })), help: "Addresses are given with the server; the rest is set up by staff." }]),
    { name: "description", label: "Description", optional: true, wide: true },
    { name: "quantity_max", label: "At most, per server", kind: "number" },
    { name: "offered", label: "Offered", options: [{ value: "yes", label: "Yes" }, { value: "no", label: "No" }] },
    ...slots.map((slot): Fact => ({ name: slot.name, label: `${cycleWords[slot.cycle].name}, ${slot.currency}, each`, kind: "decimal", optional: true })),
  ];
  return (
    <FactsDialog title={addon?.name ?? "New add-on"} verb={addon ? "Save" : "Add"} facts={facts} names={["addons"]} said="The add-on is saved" onClose={onClose} aliases={{ slug: "name" }}
      initial={{
        name: addon?.name ?? "", kind: "other", description: addon?.description ?? "", quantity_max: String(addon?.quantity_max ?? 1), offered: addon?.offered === false ? "no" : "yes",
        ...Object.fromEntries(slots.map((slot) => [slot.name, before(slot.cycle, slot.currency)])),
      }}
      save={(values) => {
        const prices = slots.filter((slot) => values[slot.name]).map((slot) => ({ cycle: slot.cycle, currency: slot.currency, price: decimal(values[slot.name]) }));
        const body = { name: values.name ?? "", description: values.description ?? "", quantity_max: Number(values.quantity_max), offered: values.offered === "yes", prices };
        if (addon) return editAddon(addon.id, body);
        const slug = body.name.toLowerCase().replace(/[^a-z\d]+/g, "-").replace(/^-|-$/g, "");
        return addAddon({ ...body, slug, kind: (values.kind ?? "other") as AdminAddon["kind"] });
      }} />
  );
}

export function AdminAddonsPage() {
  const query = useQuery(adminAddonsQuery());
  const choices = useChoices();
  const [open, setOpen] = useState<AdminAddon | "new" | null>(null);
  return (
    <Page title="Add-ons" action={<Button look="primary" icon="plus" onClick={() => setOpen("new")}>New add-on</Button>}>
      <CatalogTabs current="/admin/addons" />
      <DataTable name="admin-addons" label="Add-ons" query={query} columns={columnsWith(setOpen)} rowKey={(row) => row.id}
        empty={<EmptyState title="No add-ons yet">Things that customers can have with a server, such as another address, billed with it.</EmptyState>} />
      {open && choices.currencies.length > 0 ? <AddonDialog addon={open === "new" ? null : open} currencies={choices.currencies.map((each) => each.value)} onClose={() => setOpen(null)} /> : null}
    </Page>
  );
}
