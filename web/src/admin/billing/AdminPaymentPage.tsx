import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { adminPaymentQuery } from "../../api/admin";
import { gatewayWords, paymentLooks } from "../../parts/billing/words";
import { StateBadge } from "../../ui/Badge";
import { Facts, Section } from "../../ui/Card";
import { Button } from "../../ui/Button";
import { CopyText, Id } from "../../ui/Copy";
import { At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { RefundDialog } from "./RefundDialog";
import { RefundLines } from "./RefundLines";
import { TransferActions } from "./TransferActions";

const linkClass = "text-accent-text underline underline-offset-2";

export function AdminPaymentPage() {
  const { id } = useParams<{ id: string }>();
  const { data: payment, error, refetch } = useQuery(adminPaymentQuery(id));
  const [refunding, setRefunding] = useState(false);
  const crumbs = [{ label: "Payments", href: "/admin/payments" }];
  if (!payment) return <Page title="Payment" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  const bad = paymentLooks[payment.state].tone === "bad";
  return (
    <Page title="Payment" action={<div className="flex flex-wrap gap-2"><TransferActions payment={payment} />{payment.can.includes("refund") ? <Button onClick={() => setRefunding(true)}>Refund</Button> : null}</div>} heading={<Money value={payment.amount} />} narrow crumbs={crumbs} meta={<><StateBadge look={paymentLooks[payment.state]} /><span>{gatewayWords[payment.gateway]}</span><Id id={payment.id} /></>}>
      <div className="space-y-5">
        {payment.attention ? <Notice tone="warn" title="Needs a person">{payment.attention}</Notice> : null}
        {payment.message ? <Notice tone={bad ? "bad" : "neutral"}>{payment.message}</Notice> : null}
        <Section><Facts items={[
          ["Customer", <Link key="customer" className={linkClass} href={`/admin/customers/${payment.account_id}`}>{payment.account_name}</Link>],
          ["Invoice", <Link key="invoice" className={linkClass} href={`/admin/invoices/${payment.invoice_id}`}>{payment.invoice_number}</Link>],
          ["Begun", <At key="begun" at={payment.created_at} />], ["Settled", payment.settled_at ? <At key="settled" at={payment.settled_at} /> : "not yet"],
          ["Fee", payment.fee ? <Money key="fee" value={payment.fee} /> : "–"], ...(payment.to_wallet.minor > 0 ? [["Into the balance", <Money key="over" value={payment.to_wallet} />] as [string, React.ReactNode]] : []),
          ...(payment.from_wallet.minor > 0 ? [["From the balance", <Money key="part" value={payment.from_wallet} />] as [string, React.ReactNode]] : []),
          ...(payment.refunded.minor > 0 ? [["Given back", <Money key="back" value={payment.refunded} />] as [string, React.ReactNode]] : []),
          ...(payment.reference ? [["Transfer reference", <CopyText key="reference" text={payment.reference} label="reference" />] as [string, React.ReactNode]] : []),
          ...(payment.automatic ? [["Begun by", "the saved method"] as [string, string]] : []),
          ["PayPal order", payment.gateway_ref ? <CopyText key="ref" text={payment.gateway_ref} label="reference" /> : "–"],
          ["PayPal capture", payment.capture_ref ? <CopyText key="capture" text={payment.capture_ref} label="capture" /> : "–"],
        ]} /></Section>
        <RefundLines paymentId={payment.id} />
        {refunding ? <RefundDialog payment={payment} onClose={() => setRefunding(false)} /> : null}
      </div>
    </Page>
  );
}
