import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Followed, turnQuery, type TurnWhole } from "../../api/adminClock";
import { formatInstant } from "../../lib/format";
import { Badge } from "../../ui/Badge";
import { Section } from "../../ui/Card";
import { At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Skeleton } from "../../ui/Skeleton";
import { Spinner } from "../../ui/Spinner";
import { EmptyState, ErrorState } from "../../ui/States";
import { subjectHref } from "../subjects";

const kinds: Record<Followed["kind"], string> = { act: "Billing run", invoice: "Invoice", payment: "Payment", mail: "Mail", server: "State", task: "Task" };

function Row({ row }: { row: Followed }) {
  const href = row.kind === "mail" ? "/admin/mail" : subjectHref(row.subject);
  return (
    <li className="grid grid-cols-[1fr_auto] items-baseline gap-x-4 gap-y-1 px-4 py-2 md:grid-cols-[11rem_7rem_minmax(0,1fr)_auto]">
      <span className="num text-sm text-ink-3"><At at={row.at} /></span>
      <span className="max-md:text-right"><Badge>{kinds[row.kind]}</Badge></span>
      <span className="min-w-0 wrap-anywhere max-md:col-span-2">
        {href ? <Link href={href} className="hover:underline">{row.text}</Link> : row.text}
        {row.account_id ? <span className="text-ink-3"> of <Link href={`/admin/customers/${row.account_id}`} className="underline underline-offset-2">{row.account_name ?? "its customer"}</Link></span> : null}
      </span>
      <span className="text-right max-md:col-span-2">{row.amount ? <Money value={row.amount} /> : null}</span>
    </li>
  );
}

function progress(turn: TurnWhole): string {
  const whole = Date.parse(turn.to_at) - Date.parse(turn.from_at);
  return `${Math.round(100 * (whole > 0 ? (Date.parse(turn.reached_at) - Date.parse(turn.from_at)) / whole : 1))} %`;
}

/** One turn, while it goes and when it has arrived: everything that followed, in its order. */
export function TurnFollowed({ id }: { id: string }) {
  const { data: turn, error, refetch } = useQuery({ ...turnQuery(id), refetchInterval: (query) => (query.state.data?.state === "running" ? 1500 : false) });
  if (!turn) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-64 w-full" />;
  const going = turn.state === "running";
  return (
    <Section flush title={`From ${formatInstant(turn.from_at)} to ${formatInstant(turn.to_at)}`} aside={<span role="status" className="flex items-center gap-2 text-sm text-ink-3">{going ? <><Spinner /> {progress(turn)}, at {formatInstant(turn.reached_at)}</> : <>{turn.followed.length}{turn.more ? " and more" : ""} things followed in {turn.steps} {turn.steps === 1 ? "step" : "steps"}; turned by {turn.asked_by}</>}</span>}>
      {turn.trouble ? <div className="p-3"><Notice tone="warn" title="Timers broke on the way"><code className="wrap-anywhere">{turn.trouble}</code></Notice></div> : null}
      {turn.followed.length === 0 ? <EmptyState title={going ? "Nothing yet" : "Nothing followed"}>Each act of the run, invoice, payment, mail, change and task will stand here.</EmptyState> : (
        <ul aria-label="What followed" className="divide-y divide-line">{turn.followed.map((row) => <Row key={`${row.kind}-${row.subject.id}-${row.at}-${row.text}`} row={row} />)}</ul>
      )}
    </Section>
  );
}
