import { useQuery } from "@tanstack/react-query";
import { useLocation, useParams } from "wouter";
import { adminInvoiceQuery, customerQuery } from "../../api/admin";
import { addDraft, editDraft } from "../../api/invoicing";
import { queryClient } from "../../api/query";
import { Section } from "../../ui/Card";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { blankLine, DraftForm, writtenLine } from "./DraftForm";

const crumbs = [{ label: "Invoices", href: "/admin/invoices" }];

/** A new invoice for one customer; nobody is asked to pay before it is issued. */
export function NewInvoicePage() {
  const { id } = useParams<{ id: string }>();
  const [, navigate] = useLocation();
  const { data: customer, error, refetch } = useQuery(customerQuery(id));
  if (!customer) return <Page title="New invoice" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  return (
    <Page title="New invoice" crumbs={crumbs} meta={<span>For {customer.name}. The customer does not see it before it is issued.</span>}>
      <Section>
        <DraftForm currency={customer.balance.currency} due={null} lines={[blankLine()]} save={async (due_on, lines) => {
          const made = await addDraft(id, { due_on, lines });
          void queryClient.invalidateQueries({ queryKey: ["admin"] });
          navigate(`/admin/invoices/${made.id}`);
        }} />
      </Section>
    </Page>
  );
}

/** A draft, written anew. */
export function EditInvoicePage() {
  const { id } = useParams<{ id: string }>();
  const [, navigate] = useLocation();
  const { data: invoice, error, refetch } = useQuery(adminInvoiceQuery(id));
  if (!invoice) return <Page title="Edit draft" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  return (
    <Page title="Edit draft" crumbs={[...crumbs, { label: invoice.number, href: `/admin/invoices/${id}` }]} meta={<span>For {invoice.account_name}</span>}>
      <Section>
        <DraftForm currency={invoice.total.currency} due={invoice.due_on} lines={invoice.lines.map(writtenLine)} save={async (due_on, lines) => {
          await editDraft(id, { due_on, lines });
          await queryClient.invalidateQueries({ queryKey: ["admin"] });
          navigate(`/admin/invoices/${id}`);
        }} />
      </Section>
    </Page>
  );
}
