import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { adminImagesQuery } from "../../api/admin";
import type { AdminImage } from "../../api/adminTypes";
import { formatMemory } from "../../lib/format";
import { ImageMark } from "../../parts/catalog/Marks";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { On } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { CatalogTabs, SyncButton } from "./CatalogTabs";
import { EditDialog, type EditField } from "./EditDialog";

const fields: EditField[] = [
  { name: "name", label: "Name" }, { name: "family", label: "Family" }, { name: "icon", label: "Mark", help: "The family's short name, such as debian." }, { name: "default_user", label: "User to log in as" },
  { name: "min_memory_mib", label: "Least memory (MiB)", kind: "number" }, { name: "min_disk_gib", label: "Least disk (GiB)", kind: "number" },
  { name: "position", label: "Place in the list", kind: "number" },
  { name: "offered", label: "Offered", options: [{ value: "yes", label: "Yes" }, { value: "no", label: "No" }], help: "Servers that run keep their system." },
];

function columnsWith(edit: (image: AdminImage) => void): Column<AdminImage>[] {
  return [
    { key: "name", title: "Image", cell: (row) => <span className="inline-flex items-center gap-2.5 font-medium"><ImageMark icon={row.icon} className="size-6" />{row.name}</span>, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first" },
    { key: "family", title: "Family", cell: (row) => row.family, sortBy: (row) => row.family, csv: (row) => row.family, phone: "second" },
    { key: "offered", title: "Offered", cell: (row) => <StateBadge look={row.ended ? { word: "Gone from panel", tone: "warn" } : row.offered ? { word: "Offered", tone: "good" } : { word: "Hidden", tone: "neutral" }} />, csv: (row) => (row.offered ? "yes" : "no"), phone: "side" },
    { key: "user", title: "User", cell: (row) => <code>{row.default_user}</code>, csv: (row) => row.default_user, phone: "second" },
    { key: "memory", title: "Least memory", align: "right", cell: (row) => formatMemory(row.min_memory_mib), csv: (row) => String(row.min_memory_mib) },
    { key: "disk", title: "Least disk", align: "right", cell: (row) => `${row.min_disk_gib} GiB`, csv: (row) => String(row.min_disk_gib) },
    { key: "eol", title: "Updates until", cell: (row) => (row.eol_on ? <On on={row.eol_on} /> : <span className="text-ink-3">–</span>), sortBy: (row) => row.eol_on ?? "", csv: (row) => row.eol_on ?? "" },
    { key: "edit", title: "Actions", untitled: true, align: "right", phone: "side", cell: (row) => <Button look="quiet" onClick={() => edit(row)}>Edit<span className="sr-only"> {row.name}</span></Button> },
  ];
}

export function AdminImagesPage() {
  const query = useQuery(adminImagesQuery(useListParams()));
  const [editing, setEditing] = useState<AdminImage | null>(null);
  return (
    <Page title="Images" action={<SyncButton />}>
      <CatalogTabs current="/admin/images" />
      <DataTable name="admin-images" label="Images" query={query} columns={columnsWith(setEditing)} rowKey={(row) => row.id}
        empty={<EmptyState title="No images yet" action={<SyncButton />}>They come from the panel's templates.</EmptyState>} />
      {editing ? <EditDialog kind="images" id={editing.id} title={editing.name} fields={fields} onClose={() => setEditing(null)} initial={{
        name: editing.name, family: editing.family, default_user: editing.default_user,
        min_memory_mib: String(editing.min_memory_mib), min_disk_gib: String(editing.min_disk_gib), icon: editing.icon, position: String(editing.position), offered: editing.offered ? "yes" : "no",
      }} /> : null}
    </Page>
  );
}
