import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useParams } from "wouter";
import { type Renewal, serviceQuery, type ServiceWhole } from "../../api/adminRenewals";
import { OpenPlanChange, PlanChanges } from "../../parts/services/PlanChanges";
import { UsageSections } from "../../parts/services/Usage";
import { Badge, StateBadge } from "../../ui/Badge";
import { Facts, Section } from "../../ui/Card";
import { Id } from "../../ui/Copy";
import { At, On } from "../../ui/DateTime";
import { ExactPrice, Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { actKey } from "./ActDays";
import { PolicyLine } from "./PolicyLine";
import { ServiceActions } from "./ServiceActions";
import { cycleName } from "./ServicesPage";
import { actWords, holdWords, outcomeLook, renewalLooks, serviceLooks } from "./words";

const crumbs = [{ label: "Services", href: "/admin/services" }];
const link = "underline underline-offset-2";
const rowClass = "flex flex-wrap items-center justify-between gap-x-4 gap-y-0.5 px-4 py-2";
const empty = (text: string) => <p className="px-4 py-3 text-ink-3">{text}</p>;
const at = (instant: string | null): ReactNode => (instant ? <At at={instant} /> : "–");
const on = (day: string | null): ReactNode => (day ? <On on={day} /> : "–");

function About({ service }: { service: ServiceWhole }) {
  return (
    <Section title="Terms">
      <Facts columns={2} items={[
        ["Customer", <Link key="customer" className={link} href={`/admin/customers/${service.account_id}`}>{service.account_name}</Link>],
        ["Server", service.server_id ? <Link key="server" className={link} href={`/admin/servers/${service.server_id}`}>Open</Link> : "–"],
        ["Plan", service.plan_name], ["Holds", service.holds.map((hold) => holdWords[hold]).join(", ") || "None"],
        ["Price", service.price_exact ? <ExactPrice key="price" amount={service.price_exact} currency={service.price.currency} /> : <Money key="price" value={service.price} />], ["Billing", cycleName(service.cycle)],
        ...(service.cycle === "hourly" ? [] : [["Period began", at(service.period_starts_at)], ["Period ends", at(service.period_ends_at)], ["Renews on", on(service.renews_on)], ["Cancels on", on(service.cancels_on)]] as [string, ReactNode][]),
        ["Terminated", service.terminated_at ? <span key="ended"><At at={service.terminated_at} />{service.wished_end ? ", as its customer wished" : ""}</span> : "–"], ["Data erased at", at(service.erases_at)],
      ]} />
    </Section>
  );
}

function Period({ renewal }: { renewal: Renewal }) {
  return (
    <li className={rowClass}>
      <span className="min-w-0">
        <span className="block font-medium">Period {renewal.number}{renewal.invoice_id ? <> · <Link className={link} href={`/admin/invoices/${renewal.invoice_id}`}>Invoice<span className="sr-only"> of period {renewal.number}</span></Link></> : null}</span>
        <span className="block text-sm text-ink-3"><On on={renewal.starts_on} /> to <On on={renewal.ends_on} />, due <On on={renewal.due_on} /></span>
      </span>
      <span className="flex items-center gap-4"><StateBadge look={renewalLooks[renewal.state]} /><Money value={renewal.total} className="min-w-20 text-right" /></span>
    </li>
  );
}

function Ahead({ service }: { service: ServiceWhole }) {
  return (
    <Section flush title="What comes next">
      {service.upcoming.length === 0 ? empty(service.parked ? "Nothing while it is parked." : "Nothing.") : (
        <ul className="divide-y divide-line">
          {service.upcoming.map((act) => {
            const look = outcomeLook(act.outcome);
            return (
              <li key={actKey(act)} className={rowClass}>
                <span><span className="block">{actWords(act)}</span><span className="block text-sm text-ink-3"><At at={act.at} />, period {act.period}</span></span>
                <span className="ml-auto flex items-center gap-4">{look ? <StateBadge look={look} /> : null}{act.amount ? <Money value={act.amount} className="min-w-20 text-right" /> : null}</span>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

export function ServicePage() {
  const { id } = useParams<{ id: string }>();
  const { data: service, error, refetch } = useQuery(serviceQuery(id));
  if (!service) return <Page title="Service" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-96 w-full" />}</Page>;
  return (
    <Page title={service.name} crumbs={crumbs} action={<ServiceActions service={service} />}
      meta={<><StateBadge look={serviceLooks[service.state]} />{service.parked ? <Badge tone="warn">Parked</Badge> : null}<Id id={service.id} /></>}>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_400px]">
        <div className="min-w-0 space-y-5">
          <OpenPlanChange serviceId={service.id} side="admin" />
          <About service={service} />
          {service.cycle === "hourly" ? <UsageSections serviceId={service.id} side="admin" /> : <Section flush title="Billed periods">
            {service.renewals.length === 0 ? empty("None yet after the first, which came with its order.") : <ul className="divide-y divide-line">{service.renewals.map((renewal) => <Period key={renewal.number} renewal={renewal} />)}</ul>}
          </Section>}
          <PlanChanges serviceId={service.id} side="admin" />
        </div>
        <div className="min-w-0 space-y-5">
          <Ahead service={service} />
          {service.cycle === "hourly" ? null : <Section title={`Policy: ${service.policy.terms.name ?? "Standard"}`} aside={<Link href="/admin/policies" className="text-sm text-ink-3 underline underline-offset-2">All policies</Link>}><PolicyLine policy={service.policy} /></Section>}
        </div>
      </div>
    </Page>
  );
}
