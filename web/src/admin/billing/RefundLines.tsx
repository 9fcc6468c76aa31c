import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Refund, refundsQuery } from "../../api/adminPayments";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Section } from "../../ui/Card";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";

const looks: Record<Refund["state"], StateLook> = {
  asked: { word: "PayPal is asked", tone: "info", moving: true }, pending: { word: "Pending at PayPal", tone: "info", moving: true }, done: { word: "Given back", tone: "good" }, failed: { word: "Failed", tone: "bad" },
};

/** What of a payment went back, newest first. */
export function RefundLines({ paymentId }: { paymentId: string }) {
  const { data } = useQuery({ ...refundsQuery(paymentId), refetchInterval: ({ state }) => (state.data?.items.some((each) => each.state === "asked") ? 2000 : false) });
  if (!data || data.items.length === 0) return null;
  return (
    <Section title="Refunds">
      <ul aria-label="Refunds" className="divide-y divide-line">
        {data.items.map((each) => (
          <li key={each.id} className="py-2 first:pt-0 last:pb-0">
            <div className="flex items-center justify-between gap-3"><span>{each.reversal ? "Reversed by PayPal" : each.destination === "wallet" ? "To the customer's balance" : "To PayPal"}{each.ours ? "" : ", made at PayPal"}</span><Money value={each.amount} className="font-medium" /></div>
            <div className="flex items-center justify-between gap-3"><StateBadge look={looks[each.state]} /><span className="text-sm text-ink-3"><Ago at={each.done_at ?? each.created_at} /></span></div>
            <p className="mt-1 text-sm text-ink-3">{each.message ?? each.reason}{each.credit_note_id ? <> · <Link className="text-accent-text underline underline-offset-2" href={`/admin/invoices/${each.credit_note_id}`}>Credit note</Link></> : null}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
