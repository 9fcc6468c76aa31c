import { useQuery } from "@tanstack/react-query";
import { Redirect, useParams } from "wouter";
import { invoiceQuery, verifyPayment } from "../../api/billing";
import type { Verification } from "../../api/types";
import { useUrl } from "../../lib/url";
import { paymentLooks } from "../../parts/billing/words";
import { StateBadge } from "../../ui/Badge";
import { buttonClass, LinkButton } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { Spinner } from "../../ui/Spinner";
import { ErrorState } from "../../ui/States";

const unsettled = ["creating", "capturing", "pending"];

const words: Record<string, string> = {
  creating: "The payment is being prepared at PayPal.",
  capturing: "You approved it. We are taking the payment from PayPal now.",
  pending: "PayPal has your payment and is still checking it. This can take from seconds to days; we keep asking and tell you by mail. Do not pay again.",
  awaiting_approval: "PayPal says that the payment is not approved. Nothing was taken.",
  settled: "Your payment has arrived.",
  declined: "PayPal declined the payment. Nothing was taken. Choose another way to pay at PayPal, or use your balance.",
  failed: "The payment failed. Nothing was taken.",
  expired: "The payment was not approved in time and has expired. Nothing was taken.",
  cancelled: "The payment is cancelled. Nothing was taken.",
};

function Outcome({ found, cancelled }: { found: Verification; cancelled: boolean }) {
  const { payment, invoice } = found;
  const order = useQuery(invoiceQuery(payment.invoice_id)).data;
  const back = order?.order_id ? `/orders/${order.order_id}` : `/invoices/${invoice.id}`;
  if (payment.state === "settled" && order) return <Redirect to={back} replace />;
  const moving = unsettled.includes(payment.state);
  return (
    <div className="space-y-4">
      <p className="flex items-center justify-between gap-4"><StateBadge look={paymentLooks[payment.state]} /><Money value={payment.amount} className="text-xl font-semibold" /></p>
      <p role="status" className="flex gap-2.5 text-ink-2">{moving ? <Spinner className="mt-0.5" /> : null}
        {cancelled && payment.state === "awaiting_approval" ? "You left PayPal without paying. Nothing was taken." : (payment.message ?? words[payment.state])}</p>
      <div className="flex flex-wrap gap-2">
        {payment.state === "awaiting_approval" && payment.approve_url ? <a className={buttonClass("primary")} href={payment.approve_url}>Go on at PayPal</a> : null}
        <LinkButton href={back} look={moving || payment.state === "settled" ? "primary" : "plain"}>{order?.order_id ? "Go to the order" : "Go to the invoice"}</LinkButton>
      </div>
    </div>
  );
}

/** Where PayPal sends people back to: asks what really became of the payment before saying anything. */
export function PaymentReturnPage() {
  const { id } = useParams<{ id: string }>();
  const [params] = useUrl();
  const { data, error, refetch } = useQuery({
    queryKey: ["payments", "verify", id], queryFn: () => verifyPayment(id),
    refetchInterval: ({ state }) => (state.data && unsettled.includes(state.data.payment.state) ? 4000 : false),
  });
  const cancelled = params.has("cancelled") || params.has("cancel");
  return (
    <Page title="Your payment" narrow crumbs={[{ label: "Billing", href: "/invoices" }]}>
      <Section className="max-w-[560px]">
        {data ? <Outcome found={data} cancelled={cancelled} />
          : error ? <ErrorState title="We could not ask PayPal just now" error={error} retry={refetch} />
          : <><p role="status" className="mb-4 flex gap-2.5 text-ink-2"><Spinner className="mt-0.5" />We are asking PayPal what became of your payment…</p><SkeletonLines lines={2} /></>}
      </Section>
    </Page>
  );
}
