import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { invoicesQuery, walletQuery } from "../../api/billing";
import { type Alert, loadsQuery, raisedAlertsQuery, type ServerLoad } from "../../api/metrics";
import { ordersQuery } from "../../api/orders";
import { serversQuery } from "../../api/servers";
import type { InvoiceRow, Order, Server } from "../../api/types";
import { invoiceKinds, invoiceLook } from "../../parts/billing/words";
import { PlaceText } from "../../parts/catalog/Marks";
import { useViewer } from "../../parts/identity/session";
import { LoadLine } from "../../parts/metrics/Sparkline";
import { alertLooks, alertSays } from "../../parts/metrics/words";
import { orderLooks } from "../../parts/orders/words";
import { serverLook, serverName } from "../../parts/servers/words";
import { StateBadge } from "../../ui/Badge";
import { LinkButton } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Ago, On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";

const more = "text-sm text-accent-text hover:underline";

function Row({ href, title, note, side }: { href: string; title: ReactNode; note: ReactNode; side: ReactNode }) {
  return (
    <li className="relative flex min-h-13 items-center justify-between gap-4 px-4 py-2 hover:bg-hover">
      <span className="min-w-0">
        <Link href={href} className="block truncate font-medium after:absolute after:inset-0">{title}</Link>
        <span className="flex flex-wrap items-center gap-x-3 text-sm text-ink-3">{note}</span>
      </span>
      <span className="shrink-0 text-right">{side}</span>
    </li>
  );
}

function ToPay({ invoices }: { invoices: InvoiceRow[] }) {
  if (invoices.length === 0) return null;
  return (
    <Section flush title="To pay">
      <ul className="divide-y divide-line">
        {invoices.map((invoice) => (
          <Row key={invoice.id} href={`/invoices/${invoice.id}`} title={`${invoiceKinds[invoice.kind]} ${invoice.number}`} side={<Money value={invoice.open} className="font-medium" />}
            note={<><StateBadge look={invoiceLook(invoice)} />{invoice.due_on ? <span>due <On on={invoice.due_on} /></span> : null}</>} />
        ))}
      </ul>
    </Section>
  );
}

function NeedsAttention({ alerts }: { alerts: Alert[] }) {
  if (alerts.length === 0) return null;
  return (
    <Section flush title="Needs attention">
      <ul className="divide-y divide-line">
        {alerts.map((alert) => (
          <Row key={alert.id} href={`/servers/${alert.server_id}?tab=metrics`} title={alert.label || alert.hostname} side={<StateBadge look={alertLooks[alert.state]} />}
            note={<><span>{alertSays(alert)}</span><Ago at={alert.raised_at} happened /></>} />
        ))}
      </ul>
    </Section>
  );
}

function UnderWay({ orders }: { orders: Order[] }) {
  if (orders.length === 0) return null;
  return (
    <Section flush title="Orders under way">
      <ul className="divide-y divide-line">
        {orders.map((order) => <Row key={order.id} href={`/orders/${order.id}`} title={order.hostname} side={<StateBadge look={orderLooks[order.state]} />} note={`Order ${order.number}`} />)}
      </ul>
    </Section>
  );
}

function Servers({ servers, hasMore, loads }: { servers: Server[]; hasMore: boolean; loads: ServerLoad[] }) {
  return (
    <Section flush title="Servers" aside={<Link href="/servers" className={more}>{hasMore ? "All servers" : "Open as table"}</Link>}>
      <ul className="divide-y divide-line">
        {servers.map((server) => (
          <Row key={server.id} href={`/servers/${server.id}`} title={serverName(server)} side={<span className="flex items-center gap-5"><span className="max-sm:hidden"><LoadLine load={loads.find((load) => load.server_id === server.id)} /></span><StateBadge look={serverLook(server)} /></span>}
            note={<>{server.ipv4 ?? server.ipv6 ? <code>{server.ipv4 ?? server.ipv6}</code> : <span>no address yet</span>}<PlaceText place={server.location} /><span className="max-sm:hidden">{server.plan.name}</span></>} />
        ))}
      </ul>
    </Section>
  );
}

function MoneySide({ servers }: { servers: Server[] }) {
  const { account } = useViewer();
  const balance = useQuery(walletQuery(account.id)).data?.balance;
  const next = servers.filter((server) => server.renews_on && server.state === "ready").toSorted((a, b) => (a.renews_on ?? "").localeCompare(b.renews_on ?? ""))[0];
  return (
    <Section title="Money" aside={<Link href="/invoices" className={more}>Billing</Link>}>
      <dl className="space-y-3">
        <div><dt className="text-sm text-ink-3">Balance</dt><dd className="text-xl font-semibold">{balance ? <Money value={balance} /> : <Skeleton className="h-6 w-20" />}</dd></div>
        {next?.renews_on ? <div><dt className="text-sm text-ink-3">Next renewal</dt><dd><On on={next.renews_on} />, <Money value={next.price} /><Link className="block truncate text-sm underline underline-offset-2" title={serverName(next)} href={`/servers/${next.id}`}>{serverName(next)}</Link></dd></div> : null}
      </dl>
    </Section>
  );
}

export function HomePage() {
  const { account } = useViewer();
  const servers = useQuery(serversQuery(account.id, { limit: 12 }));
  const invoices = useQuery({ ...invoicesQuery(account.id, { state: "open", limit: 5 }), enabled: account.permissions.includes("billing.view") });
  const orders = useQuery(ordersQuery(account.id, { limit: 10 }));
  const items = servers.data?.items ?? [];
  const alerts = useQuery(raisedAlertsQuery(account.id)).data?.items ?? [];
  const loads = useQuery(loadsQuery(items.map((server) => server.id), false)).data?.items ?? [];
  const unpaid = invoices.data?.items ?? [];
  const moving = (orders.data?.items ?? []).filter((order) => order.state === "paid" || order.state === "failed");
  const empty = servers.data && items.length === 0 && unpaid.length === 0 && moving.length === 0;
  return (
    <Page title="Home" action={<LinkButton look="primary" icon="plus" href="/order">Order a server</LinkButton>}>
      {servers.error && !servers.data ? <ErrorState error={servers.error} retry={servers.refetch} /> : !servers.data ? <Skeleton className="h-64 w-full" /> : empty ? (
        <Section><EmptyState title="You have no servers yet" action={<LinkButton look="primary" href="/order">Order a server</LinkButton>} /></Section>
      ) : (
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_320px]">
          <div className="min-w-0 space-y-5">
            <NeedsAttention alerts={alerts} />
            <ToPay invoices={unpaid} />
            <UnderWay orders={moving} />
            {items.length > 0 ? <Servers servers={items} hasMore={servers.data.next !== null} loads={loads} /> : null}
          </div>
          <MoneySide servers={items} />
        </div>
      )}
    </Page>
  );
}
