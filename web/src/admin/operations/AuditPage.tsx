import { useQuery } from "@tanstack/react-query";
import { auditQuery } from "../../api/admin";
import type { AuditRow } from "../../api/adminTypes";
import { Ago } from "../../ui/DateTime";
import { Id } from "../../ui/Copy";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import { useUrl } from "../../lib/url";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { SubjectLink } from "../subjects";
import { SystemTabs } from "./SystemTabs";

function detailText(detail: unknown): string {
  if (detail === null || detail === undefined) return "";
  return typeof detail === "string" ? detail : JSON.stringify(detail);
}

const columns: Column<AuditRow>[] = [
  { key: "verb", title: "What", cell: (row) => row.verb.replaceAll("_", " "), csv: (row) => row.verb, phone: "first" },
  { key: "subject", title: "To what", cell: (row) => <SubjectLink subject={row.subject} />, csv: (row) => (row.subject ? `${row.subject.kind} ${row.subject.id}` : ""), phone: "second" },
  { key: "actor", title: "Who", cell: (row) => <span>{row.actor.name}<span className="text-sm text-ink-3"> {row.actor.kind}</span></span>, csv: (row) => `${row.actor.name} (${row.actor.kind})`, phone: "second" },
  { key: "detail", title: "Detail", cell: (row) => <code className="block max-w-80 truncate text-xs text-ink-3" title={detailText(row.detail)}>{detailText(row.detail)}</code>, csv: (row) => detailText(row.detail) },
  { key: "ip", title: "From", cell: (row) => <code className="text-sm">{row.ip ?? "–"}</code>, csv: (row) => row.ip ?? "" },
  { key: "request", title: "Request", extra: true, cell: (row) => (row.request_id ? <Id id={row.request_id} /> : "–"), csv: (row) => row.request_id ?? "" },
  { key: "at", title: "When", cell: (row) => <Ago at={row.at} />, sortBy: (row) => row.at, csv: (row) => row.at, phone: "side" },
];

export function AuditPage() {
  const [params, change] = useUrl();
  const query = useQuery(auditQuery(useListParams("subject", "actor")));
  const narrowed = params.get("subject") ?? params.get("actor");
  return (
    <Page title="Audit">
      <SystemTabs current="/admin/audit" />
      <DataTable name="audit" label="Audit" query={query} columns={columns} rowKey={(row) => row.id}
        aside={narrowed ? <Button onClick={() => change({ subject: null, actor: null, cursor: null })}>Only {narrowed.slice(-12)}; show all</Button> : null}
        empty={<EmptyState title="Nothing recorded yet">Who changed what, when and from where will stand here for good.</EmptyState>} />
    </Page>
  );
}
