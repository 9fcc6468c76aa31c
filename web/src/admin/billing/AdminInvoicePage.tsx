import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { adminInvoiceQuery, adminPdfPath } from "../../api/admin";
import { CreditNotes } from "../../parts/billing/CreditNotes";
import { InvoiceSheet } from "../../parts/billing/InvoiceSheet";
import { PaymentLines } from "../../parts/billing/PaymentLines";
import { PdfButton } from "../../parts/billing/PdfButton";
import { invoiceKinds, invoiceLook } from "../../parts/billing/words";
import { StateBadge } from "../../ui/Badge";
import { Section } from "../../ui/Card";
import { Id } from "../../ui/Copy";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { InvoiceActions } from "./InvoiceActions";

const linkClass = "text-accent-text underline underline-offset-2";

export function AdminInvoicePage() {
  const { id } = useParams<{ id: string }>();
  const { data: invoice, error, refetch } = useQuery(adminInvoiceQuery(id));
  const crumbs = [{ label: "Invoices", href: "/admin/invoices" }];
  if (!invoice) return <Page title="Invoice" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-[50vh] w-full" />}</Page>;
  return (
    <Page sheet title={`${invoiceKinds[invoice.kind]} ${invoice.number}`} crumbs={crumbs} action={<>{invoice.state === "draft" ? null : <PdfButton invoice={invoice} path={adminPdfPath(invoice.id)} />}<InvoiceActions invoice={invoice} /></>}
      meta={<><StateBadge look={invoiceLook(invoice)} /><Link className={linkClass} href={`/admin/customers/${invoice.account_id}`}>{invoice.account_name}</Link>{invoice.order_id ? <Link className={linkClass} href={`/admin/orders/${invoice.order_id}`}>Order</Link> : null}<Id id={invoice.id} /></>}>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_320px] print:block">
        <InvoiceSheet invoice={invoice} />
        <div className="no-print space-y-5">
          {invoice.corrects || invoice.reason || invoice.credit_notes.length > 0 ? <Section title="Corrections"><CreditNotes invoice={invoice} root="/admin/invoices" /></Section> : null}
          <Section title="Payments"><PaymentLines payments={invoice.payments} /></Section>
        </div>
      </div>
    </Page>
  );
}
