import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { adminPlansQuery } from "../../api/admin";
import type { AdminPlan } from "../../api/adminTypes";
import { formatDisk, formatMemory, formatTraffic } from "../../lib/format";
import { PlanPriceText } from "../../parts/catalog/Price";
import { planStock, priceOf, stockLooks } from "../../parts/catalog/words";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { CatalogTabs, SyncButton } from "./CatalogTabs";
import { EditDialog, type EditField } from "./EditDialog";
import { PricesDialog } from "./PricesDialog";

const fields: EditField[] = [
  { name: "name", label: "Name" }, { name: "slug", label: "Slug", help: "Part of addresses; change with care." }, { name: "description", label: "Description", kind: "long", help: "One line under the name." },
  { name: "vcpu", label: "vCPU", kind: "number" }, { name: "memory_mib", label: "Memory (MiB)", kind: "number" }, { name: "disk_gib", label: "Disk (GiB)", kind: "number" },
  { name: "traffic_gb", label: "Traffic (GB, 0 is unmetered)", kind: "number" }, { name: "port_mbps", label: "Port (Mbit/s)", kind: "number" },
];

function columnsWith(edit: (plan: AdminPlan) => void, price: (plan: AdminPlan) => void): Column<AdminPlan>[] {
  return [
    { key: "name", title: "Plan", cell: (row) => row.name, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first", className: "font-medium" },
    { key: "stock", title: "Stock", cell: (row) => <StateBadge look={row.locations.length === 0 ? { word: "No location", tone: "neutral" } : stockLooks[planStock(row)]} />, csv: (row) => planStock(row), phone: "second" },
    { key: "vcpu", title: "vCPU", align: "right", cell: (row) => row.vcpu, sortBy: (row) => row.vcpu, csv: (row) => String(row.vcpu) },
    { key: "memory", title: "Memory", align: "right", cell: (row) => formatMemory(row.memory_mib), sortBy: (row) => row.memory_mib, csv: (row) => String(row.memory_mib) },
    { key: "disk", title: "Disk", align: "right", cell: (row) => formatDisk(row.disk_gib), sortBy: (row) => row.disk_gib, csv: (row) => String(row.disk_gib) },
    { key: "traffic", title: "Traffic", align: "right", cell: (row) => formatTraffic(row.traffic_gb), csv: (row) => String(row.traffic_gb) },
    { key: "locations", title: "Locations", align: "right", cell: (row) => row.locations.length, csv: (row) => String(row.locations.length) },
    { key: "price", title: "Monthly", align: "right", cell: (row) => <PlanPriceText plan={row} cycle="monthly" />, sortBy: (row) => priceOf(row, "monthly")?.price.minor ?? 0, phone: "side" },
    { key: "edit", title: "", align: "right", phone: "second", cell: (row) => <span className="inline-flex gap-1"><Button look="quiet" onClick={() => price(row)}>Prices</Button><Button look="quiet" onClick={() => edit(row)}>Edit<span className="sr-only"> {row.name}</span></Button></span> },
  ];
}

export function AdminPlansPage() {
  const query = useQuery(adminPlansQuery(useListParams("q")));
  const [editing, setEditing] = useState<AdminPlan | null>(null);
  const [pricing, setPricing] = useState<AdminPlan | null>(null);
  return (
    <Page title="Plans" action={<SyncButton />}>
      <CatalogTabs current="/admin/plans" />
      <DataTable name="admin-plans" label="Plans" query={query} columns={columnsWith(setEditing, setPricing)} rowKey={(row) => row.id}
        empty={<EmptyState title="No plans yet" action={<SyncButton />}>Fetch the packages from the panel, then give them names and prices.</EmptyState>} />
      {editing ? <EditDialog kind="plans" id={editing.id} title={editing.name} fields={fields} onClose={() => setEditing(null)} initial={{
        name: editing.name, slug: editing.slug, description: editing.description ?? "", vcpu: String(editing.vcpu), memory_mib: String(editing.memory_mib), disk_gib: String(editing.disk_gib), traffic_gb: String(editing.traffic_gb), port_mbps: String(editing.port_mbps),
      }} /> : null}
      {pricing ? <PricesDialog plan={pricing} onClose={() => setPricing(null)} /> : null}
    </Page>
  );
}
