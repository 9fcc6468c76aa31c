import { Link, useParams } from "wouter";
import type { Job, Provision } from "../../api/adminTypes";
import { PaymentLines } from "../../parts/billing/PaymentLines";
import { PlaceText } from "../../parts/catalog/Marks";
import { cycleWords, sizeWords } from "../../parts/catalog/words";
import { orderLooks, orderSteps } from "../../parts/orders/words";
import { StateBadge } from "../../ui/Badge";
import { Facts, Section } from "../../ui/Card";
import { Id } from "../../ui/Copy";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { Timeline } from "../../ui/Timeline";
import { jobLooks } from "../operations/looks";
import { RetryJob } from "../operations/RetryJob";
import { type Chain, chainLinks, deadJob } from "./chain";
import { ChainPicture } from "./ChainPicture";
import { RefundOrder } from "./RefundOrder";
import { RetryProvision } from "./RetryProvision";
import { useChain } from "./useChain";

function Failure({ chain }: { chain: Chain }) {
  const broken = chainLinks(chain).find((link) => link.state === "failed" && link.error);
  const job = deadJob(chain.jobs);
  if (!broken && !job) return null;
  return (
    <div role="status" className="flex flex-wrap items-center gap-3 rounded border border-bad-dot bg-bad-soft px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold text-bad">{broken ? `${broken.title} failed` : `Job ${job?.name ?? ""} is dead`}</p>
        <p className="font-mono text-sm break-words text-ink-2">{broken?.error ?? job?.error ?? "No reason was given."}</p>
      </div>
      {chain.provision?.can.includes("retry") ? <RetryProvision provision={chain.provision} /> : job ? <RetryJob job={job} primary /> : null}
      <RefundOrder order={chain.order} />
    </div>
  );
}

function Steps({ provision }: { provision: Provision }) {
  return (
    <Section flush title="Provisioning, step by step" aside={<span className="text-sm text-ink-3 inline-block first-letter:uppercase">{provision.state.replaceAll("_", " ")}</span>}>
      <ol className="divide-y divide-line">
        {provision.steps.map((step) => (
          <li key={`${step.at}-${step.text}`} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2">
            <span className="min-w-0 break-words">{step.text}</span><span className="text-sm text-ink-3"><Ago happened at={step.at} /></span>
            {step.error ? <p className="w-full font-mono text-sm break-words text-bad">{step.error}</p> : null}
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** A build asks the panel again and again, so what is done is folded away. */
function Jobs({ jobs }: { jobs: Job[] }) {
  const done = jobs.filter((job) => job.state === "done");
  const rest = jobs.filter((job) => job.state !== "done");
  if (jobs.length === 0) return null;
  return (
    <Section flush title="Jobs" aside={<span className="num text-sm text-ink-3">{jobs.length}</span>}>
      {rest.length > 0 ? <JobLines jobs={rest} /> : null}
      {done.length > 0 ? (
        <details className={rest.length > 0 ? "border-t border-line" : ""}>
          <summary className="num px-4 py-2.5 text-ink-2 hover:bg-hover">{done.length} done</summary>
          <div className="border-t border-line"><JobLines jobs={done} /></div>
        </details>
      ) : null}
    </Section>
  );
}

function JobLines({ jobs }: { jobs: Job[] }) {
  return (
    <ul className="divide-y divide-line">
      {jobs.map((job) => (
        <li key={job.id} className="relative flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-1.5 hover:bg-hover">
          <Link href={`/admin/jobs/${job.id}`} className="min-w-0 flex-1 truncate font-mono text-sm after:absolute after:inset-0">{job.name}</Link>
          <span className="num text-sm text-ink-3">{job.attempts}{job.attempts_max ? ` of ${job.attempts_max}` : ""}</span><StateBadge look={jobLooks[job.state]} /><RetryJob job={job} />
        </li>
      ))}
    </ul>
  );
}

export function AdminOrderPage() {
  const { id } = useParams<{ id: string }>();
  const { chain, error, refetch } = useChain(id);
  const crumbs = [{ label: "Orders", href: "/admin/orders" }];
  if (!chain) return <Page title="Order" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-96 w-full" />}</Page>;
  const { order } = chain;
  return (
    <Page title={`Order ${order.number}`} crumbs={crumbs} meta={<><StateBadge look={orderLooks[order.state]} />
      <Link href={`/admin/customers/${order.account_id}`} className="text-accent-text underline underline-offset-2">{order.account_name}</Link><span className="text-ink-3"><Ago at={order.created_at} /></span><Id id={order.id} /></>}>
      <div className="space-y-5">
        <ChainPicture links={chainLinks(chain)} />
        <Failure chain={chain} />
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_360px]">
          <div className="min-w-0 space-y-5">
            {chain.provision ? <Steps provision={chain.provision} /> : null}
            <Jobs jobs={chain.jobs} />
            <Section title="As the customer sees it"><Timeline label="Progress" steps={orderSteps(order)} /></Section>
          </div>
          <div className="space-y-5">
            <Section title="Ordered"><Facts items={[
              ["Hostname", <span key="hostname" className="break-all">{order.hostname}</span>], ["Plan", `${order.plan.name}, ${sizeWords(order.plan)}`], ["Location", <PlaceText key="place" place={order.location} />], ["System", order.image.name],
              ...(order.addons.length > 0 ? [["Add-ons", order.addons.map((each) => `${each.quantity} × ${each.name}`).join(", ")] as [string, string]] : []), ...(order.coupon ? [["Coupon", order.coupon] as [string, string]] : []), ["Billing", cycleWords[order.cycle].name], ["Total", <Money key="total" value={order.total} />],
            ]} /></Section>
            <Section title="Payments"><PaymentLines payments={chain.payments} /></Section>
          </div>
        </div>
      </div>
    </Page>
  );
}
