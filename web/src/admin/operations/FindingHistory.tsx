import { useQuery } from "@tanstack/react-query";
import { findingsQuery, type Finding } from "../../api/adminHealth";
import { StateBadge } from "../../ui/Badge";
import { At } from "../../ui/DateTime";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { SubjectLink } from "../subjects";

const none = <span className="text-ink-3">–</span>;
const columns: Column<Finding>[] = [
  { key: "text", title: "What was found", cell: (row) => <span className="wrap-anywhere">{row.text}</span>, csv: (row) => row.text, phone: "first" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={row.closed_at ? { word: "Right again", tone: "good" } : row.acknowledged_at ? { word: "Known", tone: "warn" } : { word: "Open", tone: "bad" }} />, csv: (row) => (row.closed_at ? "closed" : "open"), phone: "side" },
  { key: "about", title: "About", cell: (row) => <SubjectLink subject={row.subject} />, csv: (row) => `${row.subject.kind} ${row.subject.id}`, phone: "second" },
  { key: "note", title: "Note", cell: (row) => <span className="block max-w-64 wrap-anywhere text-sm text-ink-2">{row.reason ?? row.repair_note ?? none}</span>, csv: (row) => row.reason ?? row.repair_note ?? "" },
  { key: "opened", title: "Found", cell: (row) => <At at={row.opened_at} />, csv: (row) => row.opened_at, sortBy: (row) => row.opened_at, phone: "second" },
  { key: "closed", title: "Right again", cell: (row) => (row.closed_at ? <At at={row.closed_at} /> : none), csv: (row) => row.closed_at ?? "" },
];
const filters: Filter[] = [{ name: "state", label: "State", options: [{ value: "open", label: "Open" }, { value: "closed", label: "Right again" }] }];

/** Everything that was ever found in an area, newest first. */
export function FindingHistory({ area }: { area: Finding["area"] }) {
  const query = useQuery(findingsQuery({ ...useListParams("state"), area }));
  return (
    <DataTable name={`findings-${area}`} label="What was found" query={query} columns={columns} filters={filters} rowKey={(row) => row.id}
      empty={<EmptyState title="Nothing was ever found">What a check finds stands here, and stays here when it is right again.</EmptyState>} />
  );
}
