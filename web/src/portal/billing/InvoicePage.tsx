import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { invoiceQuery } from "../../api/billing";
import { cancelTopUp } from "../../api/invoicing";
import { queryClient } from "../../api/query";
import { cx } from "../../lib/cx";
import type { Invoice } from "../../api/types";
import { CreditNotes } from "../../parts/billing/CreditNotes";
import { InvoiceSheet } from "../../parts/billing/InvoiceSheet";
import { PaymentLines } from "../../parts/billing/PaymentLines";
import { PayPanel } from "../../parts/billing/PayPanel";
import { PdfButton } from "../../parts/billing/PdfButton";
import { invoiceKinds, invoiceLook } from "../../parts/billing/words";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { On } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";

/** An unpaid top-up that nobody wants any more. */
function GiveUp({ invoice }: { invoice: Invoice }) {
  const [asked, ask] = useState<ConfirmRequest | null>(null);
  return (
    <>
      <Button look="quiet" onClick={() => ask({
        title: "Give up this top-up", verb: "Give up", body: <p>Nothing is asked for any more. Money that still arrives for it goes into your balance all the same.</p>,
        run: () => cancelTopUp(invoice.id).then(() => queryClient.invalidateQueries({ queryKey: ["invoices"] })),
      })}>Give up this top-up</Button>
      <Confirm request={asked} onClose={() => ask(null)} />
    </>
  );
}

function Aside({ invoice }: { invoice: Invoice }) {
  return (
    <div className={cx("no-print space-y-5", invoice.can.includes("pay") && "max-lg:order-first")}>
      {invoice.can.includes("pay") ? <Section title="Pay"><PayPanel invoice={invoice} /></Section> : null}
      {invoice.corrects || invoice.reason || invoice.credit_notes.length > 0 ? <Section title="Corrections"><CreditNotes invoice={invoice} root="/invoices" /></Section> : null}
      {invoice.kind === "credit_note" ? null : <Section title="Payments"><PaymentLines payments={invoice.payments} /></Section>}
      {invoice.can.includes("cancel") ? <GiveUp invoice={invoice} /> : null}
      {invoice.order_id ? <p className="text-ink-2">Belongs to <Link className="text-accent-text underline underline-offset-2" href={`/orders/${invoice.order_id}`}>this order</Link>.</p> : null}
      {invoice.proforma_number && invoice.proforma_number !== invoice.number ? <p className="text-sm text-ink-3">Replaces proforma {invoice.proforma_number}.</p> : null}
    </div>
  );
}

export function InvoicePage() {
  const { id } = useParams<{ id: string }>();
  const { data: invoice, error, refetch } = useQuery(invoiceQuery(id));
  const crumbs = [{ label: "Billing", href: "/invoices" }];
  if (!invoice) return <Page title="Invoice" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-[50vh] w-full" />}</Page>;
  return (
    <Page sheet title={`${invoiceKinds[invoice.kind]} ${invoice.number}`} crumbs={crumbs} action={<PdfButton invoice={invoice} />}
      meta={<><span aria-live="polite"><StateBadge look={invoiceLook(invoice)} /></span>{invoice.state === "open" && invoice.due_on ? <span className="text-ink-3">due <On on={invoice.due_on} /></span> : null}</>}>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_320px] print:block">
        <InvoiceSheet invoice={invoice} />
        <Aside invoice={invoice} />
      </div>
    </Page>
  );
}
