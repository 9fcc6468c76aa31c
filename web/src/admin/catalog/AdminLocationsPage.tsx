import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { adminLocationsQuery } from "../../api/admin";
import type { AdminLocation } from "../../api/adminTypes";
import { countryName } from "../../lib/format";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Ago } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { CatalogTabs, SyncButton } from "./CatalogTabs";
import { EditDialog, type EditField } from "./EditDialog";

const looks: Record<AdminLocation["status"], StateLook> = { open: { word: "Open", tone: "good" }, closed: { word: "Closed", tone: "neutral" } };
const fields: EditField[] = [
  { name: "name", label: "Name" }, { name: "city", label: "City" }, { name: "country", label: "Country", help: "Two letters, such as DE." }, { name: "slug", label: "Slug" },
  { name: "position", label: "Place in the list", kind: "number" },
  { name: "status", label: "New servers", options: [{ value: "open", label: "Open" }, { value: "closed", label: "Closed" }], help: "Closed takes no new orders; what runs there goes on." },
];

function columnsWith(edit: (place: AdminLocation) => void): Column<AdminLocation>[] {
  return [
    { key: "name", title: "Location", cell: (row) => row.name, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first", className: "font-medium" },
    { key: "city", title: "City", cell: (row) => row.city, sortBy: (row) => row.city, csv: (row) => row.city, phone: "second" },
    { key: "country", title: "Country", cell: (row) => countryName(row.country), csv: (row) => row.country, phone: "second" },
    { key: "status", title: "New servers", cell: (row) => <StateBadge look={looks[row.status]} />, csv: (row) => row.status, phone: "side" },
    { key: "group", title: "Panel group", cell: (row) => <span className={row.group_enabled ? "" : "text-warn"}>{row.group_name}{row.group_enabled ? "" : ", off"}</span>, csv: (row) => row.group_name },
    { key: "free", title: "Free IPv4", align: "right", cell: (row) => (row.free_ipv4 === null ? <span className="text-ink-3">not known</span> : row.free_ipv4), sortBy: (row) => row.free_ipv4 ?? -1, csv: (row) => String(row.free_ipv4 ?? "") },
    { key: "read", title: "Stock asked", cell: (row) => (row.stock_read_at ? <Ago at={row.stock_read_at} /> : <span className="text-ink-3">never</span>), csv: (row) => row.stock_read_at ?? "" },
    { key: "edit", title: "Actions", untitled: true, align: "right", phone: "side", cell: (row) => <Button look="quiet" onClick={() => edit(row)}>Edit<span className="sr-only"> {row.name}</span></Button> },
  ];
}

export function AdminLocationsPage() {
  const query = useQuery(adminLocationsQuery(useListParams()));
  const [editing, setEditing] = useState<AdminLocation | null>(null);
  return (
    <Page title="Locations" action={<SyncButton />}>
      <CatalogTabs current="/admin/locations" />
      <DataTable name="admin-locations" label="Locations" query={query} columns={columnsWith(setEditing)} rowKey={(row) => row.id}
        empty={<EmptyState title="No locations yet" action={<SyncButton />}>They come from the panel's hypervisor groups.</EmptyState>} />
      {editing ? <EditDialog kind="locations" id={editing.id} title={editing.name} fields={fields} onClose={() => setEditing(null)}
        initial={{ name: editing.name, city: editing.city, country: editing.country, slug: editing.slug, status: editing.status, position: String(editing.position) }} /> : null}
    </Page>
  );
}
