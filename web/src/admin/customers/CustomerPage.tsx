import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "wouter";
import { customerQuery, resumeUser, suspendUser } from "../../api/admin";
import type { Customer, CustomerMember, Moment } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import type { Role } from "../../api/types";
import { countryName } from "../../lib/format";
import { useUrl } from "../../lib/url";
import { invoiceLook } from "../../parts/billing/words";
import { roleWords } from "../../parts/identity/session";
import { serverLook, serverName } from "../../parts/servers/words";
import { Badge, StateBadge } from "../../ui/Badge";
import { Facts, Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Button, IconButton, LinkButton } from "../../ui/Button";
import { Select } from "../../ui/controls";
import { CopyText, Id } from "../../ui/Copy";
import { Menu } from "../../ui/Menu";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { Happenings } from "../../ui/Timeline";
import { subjectHref } from "../subjects";
import { CreditSection } from "./CreditSection";
import { customerLook } from "./look";
import { TaxProofs } from "./TaxProofs";
import { TermsSection } from "./TermsSection";

const refresh = () => queryClient.invalidateQueries({ queryKey: ["admin", "customers"] });

function MemberLine({ member, ask }: { member: CustomerMember; ask: (request: ConfirmRequest) => void }) {
  const resume = { label: "Resume user", onSelect: () => ask({ title: `Resume ${member.name}?`, body: <p>Logging in works again.</p>, verb: "Resume user", run: () => resumeUser(member.user_id).then(refresh) }) };
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <span className="min-w-0 flex-1"><span className="block truncate font-medium">{member.name}</span><span className="block text-sm text-ink-3"><CopyText text={member.email} label="e-mail" /></span></span>
      {member.state === "suspended" ? <Badge tone="bad">Suspended</Badge> : null}
      <Badge>{roleWords[member.role as Role].word}</Badge>
      <Menu trigger={<IconButton icon="dots" label={`Actions for ${member.name}`} />} items={member.state === "suspended" ? [resume] : [
        { label: "Suspend user", danger: true, onSelect: () => ask({
          title: `Suspend ${member.name}?`, body: <p>All sessions end and logging in is refused until you resume. Servers keep running.</p>, verb: "Suspend user", danger: true, reasonLabel: "Reason",
          run: (reason) => suspendUser(member.user_id, reason).then(refresh),
        }) },
      ]} />
    </li>
  );
}

function RowLink({ href, title, side, note }: { href: string; title: ReactNode; side: ReactNode; note?: ReactNode }) {
  return (
    <li className="relative flex items-center justify-between gap-3 px-4 py-2 hover:bg-hover">
      <span className="min-w-0"><Link href={href} className="block truncate font-medium after:absolute after:inset-0">{title}</Link>{note ? <span className="num text-sm text-ink-3">{note}</span> : null}</span>
      <span className="flex shrink-0 items-center gap-3">{side}</span>
    </li>
  );
}

function Things({ customer }: { customer: Customer }) {
  const none = <p className="px-4 py-3 text-ink-3">None</p>;
  return (
    <>
      <Section flush title="Servers" aside={<span className="num text-sm text-ink-3">{customer.servers.length}</span>}>
        {customer.servers.length === 0 ? none : <ul className="divide-y divide-line">{customer.servers.map((server) => <RowLink key={server.id} href={`/admin/servers/${server.id}`} title={serverName(server)} note={<code>{server.ipv4 ?? ""}</code>} side={<StateBadge look={serverLook(server)} />} />)}</ul>}
      </Section>
      <Section flush title="Invoices" aside={<span className="num text-sm text-ink-3">{customer.invoices.length}</span>}>
        {customer.invoices.length === 0 ? none : <ul className="divide-y divide-line">{customer.invoices.map((invoice) => <RowLink key={invoice.id} href={`/admin/invoices/${invoice.id}`} title={invoice.number} side={<><StateBadge look={invoiceLook(invoice)} /><Money value={invoice.total} className="min-w-24 text-right" /></>} />)}</ul>}
      </Section>
    </>
  );
}

const momentsAtFirst = 25;

function History({ moments }: { moments: Moment[] }) {
  const [params, change] = useUrl();
  const [all, setAll] = useState(false);
  const kind = params.get("kind");
  const kinds = [...new Set(moments.map((moment) => moment.kind))].toSorted();
  const fitting = kind ? moments.filter((moment) => moment.kind === kind) : moments;
  const shown = all ? fitting : fitting.slice(0, momentsAtFirst);
  return (
    <Section title="Everything that happened" aside={kinds.length > 1 ? (
      <Select aria-label="Kind" className="w-36" value={kind ?? ""} onChange={(event) => change({ kind: event.target.value })}><option value="">All kinds</option>{kinds.map((each) => <option key={each} value={each}>{each.replaceAll("_", " ")}</option>)}</Select>
    ) : null}>
      {shown.length === 0 ? <p className="text-ink-3">Nothing yet.</p> : (
        <Happenings label="History" items={shown.map((moment) => {
          const href = subjectHref(moment.subject);
          return { key: `${moment.at}-${moment.kind}-${moment.text}`, at: moment.at, actor: moment.actor, text: href ? <Link href={href} className="hover:underline">{moment.text}</Link> : moment.text };
        })} />
      )}
      {shown.length < fitting.length ? <Button className="mt-4 w-full" onClick={() => setAll(true)}>Show all {fitting.length}</Button> : null}
    </Section>
  );
}

export function CustomerPage() {
  const { id } = useParams<{ id: string }>();
  const { data: customer, error, refetch } = useQuery(customerQuery(id));
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const crumbs = [{ label: "Customers", href: "/admin/customers" }];
  if (!customer) return <Page title="Customer" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-96 w-full" />}</Page>;
  const { profile } = customer;
  const address = [profile.line1, profile.line2, [profile.postal_code, profile.city].filter(Boolean).join(" "), profile.country ? countryName(profile.country) : null].filter(Boolean).join(", ");
  return (
    <Page title={profile.company || customer.name} crumbs={crumbs} meta={<><span>Balance <Money value={customer.balance} className="font-medium text-ink" /></span><StateBadge look={customerLook(customer.state)} /><Id id={customer.account_id} /></>} action={<><LinkButton href={`/admin/customers/${id}/statement`}>Statement</LinkButton><LinkButton href={`/admin/customers/${id}/invoice`} icon="plus">New invoice</LinkButton></>}>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_400px]">
        <div className="min-w-0 space-y-5">
          <Section title="Who"><Facts columns={2} items={[["Name", customer.name], ["Company", profile.company ?? "–"], ["Address", address || "–"], ["Tax number", profile.tax_number ?? "–"], ["Currency", customer.currency], ["Time zone", profile.time_zone ?? "–"]]} /></Section>
          {profile.tax_number ? <TaxProofs accountId={customer.account_id} /> : null}
          <TermsSection accountId={customer.account_id} />
          <CreditSection accountId={customer.account_id} currency={customer.currency} />
          <Section flush title="People"><ul className="divide-y divide-line">{customer.members.map((member) => <MemberLine key={member.user_id} member={member} ask={setAsking} />)}</ul></Section>
          <Things customer={customer} />
        </div>
        <History moments={customer.timeline} />
      </div>
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
