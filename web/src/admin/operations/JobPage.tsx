import { useQuery } from "@tanstack/react-query";
import { useParams } from "wouter";
import { jobQuery } from "../../api/admin";
import { StateBadge } from "../../ui/Badge";
import { Facts, Section } from "../../ui/Card";
import { CopyButton } from "../../ui/Copy";
import { At } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { Happenings } from "../../ui/Timeline";
import { SubjectLink } from "../subjects";
import { jobLooks } from "./looks";
import { RetryJob } from "./RetryJob";

const when = (at: string | null) => (at ? <At at={at} /> : "–");

export function JobPage() {
  const { id } = useParams<{ id: string }>();
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  const crumbs = [{ label: "Jobs", href: "/admin/jobs" }];
  if (!job) return <Page title="Job" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  const args = JSON.stringify(job.args, null, 2);
  return (
    <Page title={`Job ${job.id}`} heading={<code>{job.name}</code>} narrow crumbs={crumbs} action={<RetryJob job={job} primary />} meta={<><StateBadge look={jobLooks[job.state]} /><span className="num text-ink-3">Job {job.id}</span></>}>
      <div className="space-y-5">
        {job.error ? <Section title="Error" aside={<CopyButton text={job.error} label="error" />}><pre className="overflow-x-auto font-mono text-sm whitespace-pre-wrap text-bad">{job.error}</pre></Section> : null}
        <Section><Facts items={[
          ["About", <SubjectLink key="subject" subject={job.subject} />], ["Queue", job.queue], ["Attempts", `${job.attempts}${job.attempts_max ? ` of ${job.attempts_max}` : ""}`],
          ["Queued", when(job.created_at)], ["Not before", when(job.scheduled_at)], ["Started", when(job.started_at)], ["Finished", when(job.finished_at)],
        ]} /></Section>
        {job.failures.length > 0 ? (
          <Section title="Failures"><Happenings label="Failures" items={job.failures.map((failure) => ({ key: `${failure.at}-${failure.attempt}`, at: failure.at, actor: `attempt ${failure.attempt}, ${failure.kind}`, text: <span className="font-mono text-sm">{failure.message}</span> }))} /></Section>
        ) : null}
        <Section title="Arguments" aside={<CopyButton text={args} label="arguments" />}><pre className="overflow-x-auto font-mono text-sm">{args}</pre></Section>
      </div>
    </Page>
  );
}
