import { useQuery } from "@tanstack/react-query";
import { jobsQuery, retryJob } from "../../api/admin";
import type { Job } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Ago } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { toast, toastError } from "../../ui/Toast";
import { SubjectLink } from "../subjects";
import { jobLooks } from "./looks";
import { RetryJob } from "./RetryJob";
import { SystemTabs } from "./SystemTabs";

const columns: Column<Job>[] = [
  { key: "name", title: "Job", cell: (row) => <code>{row.name}</code>, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={jobLooks[row.state]} />, csv: (row) => row.state, phone: "side" },
  { key: "subject", title: "About", cell: (row) => <SubjectLink subject={row.subject} />, csv: (row) => (row.subject ? `${row.subject.kind} ${row.subject.id}` : ""), phone: "second" },
  { key: "error", title: "Error", cell: (row) => <span className="block max-w-64 truncate text-sm text-bad" title={row.error ?? ""}>{row.error}</span>, csv: (row) => row.error ?? "" },
  { key: "queue", title: "Queue", extra: true, cell: (row) => row.queue, csv: (row) => row.queue },
  { key: "attempts", title: "Attempts", align: "right", cell: (row) => `${row.attempts}${row.attempts_max ? ` of ${row.attempts_max}` : ""}`, sortBy: (row) => row.attempts, csv: (row) => String(row.attempts) },
  { key: "when", title: "When", cell: (row) => <Ago at={row.finished_at ?? row.started_at ?? row.scheduled_at ?? row.created_at ?? ""} />, sortBy: (row) => row.id, csv: (row) => row.created_at ?? "", phone: "second" },
  { key: "retry", title: "Actions", untitled: true, align: "right", cell: (row) => <RetryJob job={row} /> },
];
const filters: Filter[] = [{ name: "state", label: "State", options: Object.entries(jobLooks).map(([value, look]) => ({ value, label: look.word })) }];

async function retryAll(jobs: Job[], clear: () => void): Promise<void> {
  const asked = jobs.filter((job) => job.can.includes("retry"));
  const results = await Promise.allSettled(asked.map((job) => retryJob(job.id)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) toastError(failed.reason);
  else toast(`${asked.length} jobs are queued again`);
  clear();
  await queryClient.invalidateQueries({ queryKey: ["admin", "jobs"] });
}

export function JobsPage() {
  const query = useQuery(jobsQuery(useListParams("state", "name", "subject")));
  return (
    <Page title="Jobs">
      <SystemTabs current="/admin/jobs" />
      <DataTable name="jobs" label="Jobs" query={query} columns={columns} filters={filters} rowKey={(row) => String(row.id)} rowHref={(row) => `/admin/jobs/${row.id}`}
        bulk={(rows, clear) => <Button disabled={!rows.some((row) => row.can.includes("retry"))} icon="refresh" onClick={() => void retryAll(rows, clear)}>Retry the dead ones</Button>}
        empty={<EmptyState title="No jobs">What happens later, such as mails and builds, is queued here.</EmptyState>} />
    </Page>
  );
}
