import type { Payment } from "../../api/types";
import { StateBadge } from "../../ui/Badge";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { gatewayWords, paymentLooks } from "./words";

export function PaymentLines({ payments }: { payments: Payment[] }) {
  if (payments.length === 0) return <p className="text-ink-3">No payment yet.</p>;
  return (
    <ul aria-label="Payments" className="divide-y divide-line">
      {payments.map((payment) => (
        <li key={payment.id} className="py-2 first:pt-0 last:pb-0">
          <div className="flex items-center justify-between gap-3"><span>{gatewayWords[payment.gateway]}</span><Money value={payment.amount} className="font-medium" /></div>
          <div className="flex items-center justify-between gap-3"><StateBadge look={paymentLooks[payment.state]} /><span className="text-sm text-ink-3"><Ago at={payment.settled_at ?? payment.created_at} /></span></div>
          {payment.message ? <p className="mt-1 text-sm text-ink-3">{payment.message}</p> : null}
        </li>
      ))}
    </ul>
  );
}
