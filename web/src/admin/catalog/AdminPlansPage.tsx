import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { adminPlansQuery } from "../../api/admin";
import type { AdminPlan } from "../../api/adminTypes";
import { formatDisk, formatExact, formatMemory, formatTraffic } from "../../lib/format";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { CatalogTabs, SyncButton } from "./CatalogTabs";
import { PlanDialog } from "./PlanDialog";
import { PricesDialog } from "./PricesDialog";

function planLook(plan: AdminPlan): StateLook {
  if (!plan.package_enabled) return { word: "Package is off", tone: "warn" };
  if (!plan.offered) return { word: "Hidden", tone: "neutral" };
  if (plan.prices.length === 0) return { word: "No price", tone: "warn" };
  return plan.location_ids.length === 0 ? { word: "No location", tone: "warn" } : { word: "Offered", tone: "good" };
}

function monthly(plan: AdminPlan): string {
  const prices = plan.prices.filter((price) => price.cycle === "monthly");
  return prices.map((price) => formatExact(price.price, price.currency)).join(" · ") || "–";
}

type Open = { what: "edit" | "prices"; plan: AdminPlan | null };

function columnsWith(open: (what: Open) => void): Column<AdminPlan>[] {
  return [
    { key: "name", title: "Plan", cell: (row) => row.name, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first", className: "font-medium" },
    { key: "state", title: "State", cell: (row) => <StateBadge look={planLook(row)} />, csv: (row) => planLook(row).word, phone: "side" },
    { key: "package", title: "Package", cell: (row) => row.package_name, csv: (row) => row.package_name },
    { key: "vcpu", title: "vCPU", align: "right", cell: (row) => row.vcpu, sortBy: (row) => row.vcpu, csv: (row) => String(row.vcpu) },
    { key: "memory", title: "Memory", align: "right", cell: (row) => formatMemory(row.memory_mib), sortBy: (row) => row.memory_mib, csv: (row) => String(row.memory_mib) },
    { key: "disk", title: "Disk", align: "right", cell: (row) => formatDisk(row.disk_gib), sortBy: (row) => row.disk_gib, csv: (row) => String(row.disk_gib) },
    { key: "traffic", title: "Traffic", align: "right", extra: true, cell: (row) => formatTraffic(row.traffic_gb), csv: (row) => String(row.traffic_gb) },
    { key: "locations", title: "Locations", align: "right", cell: (row) => row.location_ids.length, csv: (row) => String(row.location_ids.length) },
    { key: "price", title: "Monthly", align: "right", cell: monthly, csv: monthly, phone: "second" },
    { key: "edit", title: "Actions", untitled: true, align: "right", phone: "second", cell: (row) => (
      <span className="inline-flex gap-1">
        <Button look="quiet" onClick={() => open({ what: "prices", plan: row })}>Prices<span className="sr-only"> of {row.name}</span></Button>
        <Button look="quiet" onClick={() => open({ what: "edit", plan: row })}>Edit<span className="sr-only"> {row.name}</span></Button>
      </span>
    ) },
  ];
}

export function AdminPlansPage() {
  const query = useQuery(adminPlansQuery());
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <Page title="Plans" action={<><SyncButton /><Button look="primary" icon="plus" onClick={() => setOpen({ what: "edit", plan: null })}>New plan</Button></>}>
      <CatalogTabs current="/admin/plans" />
      <DataTable name="admin-plans" label="Plans" query={query} columns={columnsWith(setOpen)} rowKey={(row) => row.id}
        empty={<EmptyState title="No plans yet" action={<SyncButton />}>Fetch the packages from the panel, then make a plan of each and give it a price.</EmptyState>} />
      {open?.what === "edit" ? <PlanDialog plan={open.plan} onClose={close} /> : null}
      {open?.what === "prices" && open.plan ? <PricesDialog plan={open.plan} onClose={close} /> : null}
    </Page>
  );
}
