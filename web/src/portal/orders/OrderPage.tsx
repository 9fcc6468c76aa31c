import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "wouter";
import { invoiceQuery } from "../../api/billing";
import { cancelOrder, orderQuery } from "../../api/orders";
import { queryClient } from "../../api/query";
import type { Order } from "../../api/types";
import { PayPanel } from "../../parts/billing/PayPanel";
import { invoiceLooks } from "../../parts/billing/words";
import { ImageMark, PlaceText } from "../../parts/catalog/Marks";
import { cycleWords, sizeWords } from "../../parts/catalog/words";
import { orderLooks, orderSteps } from "../../parts/orders/words";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { Timeline } from "../../ui/Timeline";
import { ReadyPanel } from "./ReadyPanel";

function OrderFacts({ order }: { order: Order }) {
  return (
    <Section title="What you ordered">
      <div className="mb-3.5 flex items-center gap-3">
        <ImageMark icon={order.image.icon} />
        <div className="min-w-0"><p className="font-medium break-all">{order.hostname}</p><p className="text-sm text-ink-3">{order.image.name}</p></div>
      </div>
      <Facts items={[
        ["Plan", `${order.plan.name}, ${sizeWords(order.plan)}`], ["Location", <PlaceText key="place" place={order.location} />],
        ["Billing", cycleWords[order.cycle].name], ...(order.addons.length > 0 ? [["Add-ons", order.addons.map((each) => (each.quantity > 1 ? `${each.quantity} × ${each.name}` : each.name)).join(", ")] as [string, string]] : []),
        ...(order.coupon ? [["Coupon", <span key="coupon"><code>{order.coupon}</code>, saves <Money value={order.discount} /></span>] as [string, ReactNode]] : []),
        ...(order.trial_days > 0 ? [["Trial", `${order.trial_days} days free`] as [string, string]] : []),
        ["Per month", <Money key="month" value={order.per_month} />], order.cycle === "hourly" ? ["Billed", "by the hour, from your balance"] : ["Total today", <Money key="total" value={order.total} className="font-medium" />],
        ["Invoice", order.invoice_id ? (
          <span key="invoice" className="inline-flex items-center gap-3">{order.invoice_state ? <StateBadge look={invoiceLooks[order.invoice_state]} /> : null}<Link href={`/invoices/${order.invoice_id}`} className="text-accent-text underline underline-offset-2">Open</Link></span>
        ) : "none"],
      ]} />
    </Section>
  );
}

function PaySection({ order, invoiceId }: { order: Order; invoiceId: string }) {
  const { data, error, refetch } = useQuery(invoiceQuery(invoiceId));
  return (
    <Section title="Pay" aside={order.expires_at ? <span className="text-sm text-ink-3">kept for you, ends <Ago at={order.expires_at} /></span> : null}>
      {data ? (data.can.includes("pay") ? <PayPanel invoice={data} /> : <p className="text-ink-2">{data.state === "open" ? "Your role may not pay. Ask someone of your team who may." : "Nothing is left to pay."}</p>)
        : error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-24 w-full" />}
    </Section>
  );
}

function StateNote({ order }: { order: Order }) {
  if (order.state === "failed") {
    return <Notice tone="bad" role="status" title="This did not work at our side">Your payment is safe. We have been told and are looking into it; you need do nothing and will not be charged twice.</Notice>;
  }
  if (order.state === "closing") return <Notice tone="warn" title="We could not make this server">The order is being closed. What you paid goes back as soon as that is done; you need not do anything.</Notice>;
  if (order.state === "refunded") return <Notice tone="neutral" title="This order was refunded">We could not make this server. What you paid was given back, and nothing more is billed.</Notice>;
  if (order.state === "expired") return <Notice tone="neutral" title="This order has expired">It was not paid in time, so the place was given back. Nothing was charged.</Notice>;
  if (order.state === "cancelled") return <Notice tone="neutral" title="This order is cancelled">Nothing will be built or charged.</Notice>;
  return null;
}

export function OrderPage() {
  const { id } = useParams<{ id: string }>();
  const { data: order, error, refetch } = useQuery(orderQuery(id));
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  if (!order) return <Page title="Order" crumbs={[{ label: "Orders", href: "/orders" }]}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-80 w-full" />}</Page>;
  const cancel = () => setAsking({
    title: `Cancel order ${order.number}?`, body: <p>Its invoice becomes void and the place kept for it is given back. Nothing has been charged.</p>, verb: "Cancel the order", danger: true,
    run: async () => {
      queryClient.setQueryData(["orders", "one", id], await cancelOrder(id));
      await queryClient.invalidateQueries({ queryKey: ["invoices"] });
    },
  });
  return (
    <Page title={`Order ${order.number}`} crumbs={[{ label: "Orders", href: "/orders" }]} meta={<><span aria-live="polite"><StateBadge look={orderLooks[order.state]} /></span><span className="text-ink-3">placed <Ago at={order.created_at} /></span></>}
      action={order.can.includes("cancel") ? <Button look="danger" onClick={cancel}>Cancel order</Button> : null}>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_380px]">
        <div className="min-w-0 space-y-5">
          <StateNote order={order} />
          {order.state === "active" && order.server_id ? <ReadyPanel serverId={order.server_id} /> : null}
          {order.state === "awaiting_payment" && order.invoice_id ? <PaySection order={order} invoiceId={order.invoice_id} /> : null}
          <Section title="Progress"><Timeline label="Progress of the order" steps={orderSteps(order)} /></Section>
        </div>
        <OrderFacts order={order} />
      </div>
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
