import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { serviceQuery } from "../../api/services";
import type { ServiceWhole } from "../../api/types";
import { cycleWords } from "../../parts/catalog/words";
import { CancelButton } from "../../parts/services/CancelButton";
import { OpenPlanChange, PlanChanges } from "../../parts/services/PlanChanges";
import { ActList } from "../../parts/services/ActList";
import { UsageSections } from "../../parts/services/Usage";
import { dayText, holdWords, serviceLooks, telling } from "../../parts/services/words";
import { StateBadge } from "../../ui/Badge";
import { LinkButton } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { At, On } from "../../ui/DateTime";
import { ExactPrice, Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";

const periodLooks = { open: "Open", paid: "Paid", void: "Void", free: "Free" };

function Standing({ service }: { service: ServiceWhole }) {
  const open = service.renewals.find((each) => each.state === "open");
  if (service.state === "suspended") {
    return (
      <Notice tone="bad">
        It does not run: {service.holds.map((hold) => holdWords[hold]).join(", ")}. Nothing on it was deleted.
        {service.cycle === "hourly" && service.holds.includes("unpaid") ? <> It runs again within minutes when your balance covers what is open. <Link href="/top-up">Top up</Link></> : null}
        {open?.invoice_id ? <> It runs again within minutes of your payment. <Link href={`/invoices/${open.invoice_id}`}>View and pay</Link></> : null}
      </Notice>
    );
  }
  if (service.state === "terminated") return <Notice tone="warn">It has ended.{service.erases_at ? <> What is on it is kept until <At at={service.erases_at} />{service.can.includes("undo") ? "; until then you can take the end back" : ""}.</> : null}</Notice>;
  return service.cancels_on ? <Notice tone="warn">It ends on <On on={service.cancels_on} /> and is not renewed.</Notice> : null;
}

function Periods({ service }: { service: ServiceWhole }) {
  if (service.renewals.length === 0) return <p className="text-ink-3">The first period came with the order; renewals will stand here.</p>;
  return <Facts items={service.renewals.map((each) => [
    periodLooks[each.state],
    <span key={each.number}><On on={each.starts_on} /> – <On on={each.ends_on} />, <Money value={each.total} />{each.invoice_id ? <> <Link href={`/invoices/${each.invoice_id}`}>Invoice</Link></> : null}</span>,
  ])} />;
}

function Whole({ service }: { service: ServiceWhole }) {
  const hourly = service.cycle === "hourly";
  return (
    <div className="space-y-5">
      <Standing service={service} />
      <OpenPlanChange serviceId={service.id} side="portal" />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Section title="What it is">
          <Facts items={[
            ["Plan", service.plan_name],
            ["Price", <span key="price">{service.price_exact ? <ExactPrice amount={service.price_exact} currency={service.price.currency} /> : <Money value={service.price} />} {cycleWords[service.cycle]?.per ?? service.cycle}</span>],
            hourly ? ["Paid", "each begun hour, from the balance"] : ["Paid until", service.renews_on ? <On key="until" on={service.renews_on} /> : "not begun"],
            ["Server", service.server_id ? <Link key="server" href={`/servers/${service.server_id}`}>Open the server</Link> : "none yet"],
          ]} />
        </Section>
        <Section title="What comes next">{service.upcoming.length > 0 ? <ActList acts={telling(service.upcoming).slice(0, 8)} /> : <p className="text-ink-3">Nothing.</p>}</Section>
        {hourly ? <UsageSections serviceId={service.id} side="portal" /> : <Section title="Periods billed"><Periods service={service} /></Section>}
        <PlanChanges serviceId={service.id} side="portal" />
        {hourly ? null : <Section title="If an invoice is not paid">
          <ol className="space-y-1.5">{service.policy.timeline.map((row) => <li key={`${row.day}-${row.text}`} className="flex justify-between gap-4"><span>{row.text}</span><span className="shrink-0 text-sm text-ink-3">{dayText(row.day)}</span></li>)}</ol>
        </Section>}
      </div>
    </div>
  );
}

export function ServicePage() {
  const { id } = useParams<{ id: string }>();
  const { data, error, refetch } = useQuery(serviceQuery(id));
  if (error) return <Page title="Service"><ErrorState error={error} retry={() => void refetch()} /></Page>;
  if (!data) return <Page title="Service"><SkeletonLines /></Page>;
  return (
    <Page title={data.name} crumbs={[{ label: "Services", href: "/services" }]} meta={<StateBadge look={serviceLooks[data.state]} />}
      action={<>{data.server_id ? <LinkButton href={`/servers/${data.server_id}`}>Server</LinkButton> : null}{data.can.includes("change_plan") ? <LinkButton href={`/services/${data.id}/plan`}>Change plan or term</LinkButton> : null}<CancelButton service={data} /></>}>
      <Whole service={data} />
    </Page>
  );
}
