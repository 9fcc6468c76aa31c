import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { type DisputeWhole, disputeQuery, noteDispute } from "../../api/adminPayments";
import { queryClient } from "../../api/query";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { Textarea } from "../../ui/controls";
import { CopyText } from "../../ui/Copy";
import { Ago, At } from "../../ui/DateTime";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { disputeLooks, said } from "./disputes";

const link = "text-accent-text underline underline-offset-2";

function Notes({ dispute }: { dispute: DisputeWhole }) {
  const form = useForm({
    initial: { text: "" },
    validate: (values) => ({ text: values.text.trim() ? undefined : "Write what you found out." }),
    submit: async (values) => {
      await noteDispute(dispute.id, values.text.trim());
      await queryClient.invalidateQueries({ queryKey: ["admin", "disputes"] });
    },
  });
  return (
    <Section title="Evidence and notes">
      <ul aria-label="Notes" className="mb-4 divide-y divide-line">
        {dispute.notes.map((note) => <li key={note.id} className="py-2 first:pt-0"><p className="whitespace-pre-wrap">{note.text}</p><p className="text-sm text-ink-3">{note.author} · <Ago at={note.created_at} /></p></li>)}
      </ul>
      <FormShell form={form} label="Add a note" actions={<Button type="submit" look="primary" busy={form.sending}>Add note</Button>}>
        <Field label="Note" help="Log-ins, traffic, mails: what shows that the service was delivered. It stays here; PayPal is answered at PayPal." error={form.errors.text}><Textarea rows={4} {...form.text("text")} /></Field>
      </FormShell>
    </Section>
  );
}

export function DisputePage() {
  const { id } = useParams<{ id: string }>();
  const { data: dispute, error, refetch } = useQuery(disputeQuery(id));
  const crumbs = [{ label: "Disputes", href: "/admin/disputes" }];
  if (!dispute) return <Page title="Dispute" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  return (
    <Page title="Dispute" heading={<Money value={dispute.amount} />} narrow crumbs={crumbs} meta={<><StateBadge look={disputeLooks[dispute.state]} /><span>{said(dispute.reason)}</span></>}>
      <div className="space-y-5">
        {dispute.state === "open" && dispute.answer_until ? <Notice tone="warn" title="PayPal waits for an answer">Answer at PayPal by <At at={dispute.answer_until} />, or the payer wins.</Notice> : null}
        <Section><Facts items={[
          ["Customer", <Link key="customer" className={link} href={`/admin/customers/${dispute.account_id}`}>{dispute.account_name}</Link>],
          ["Payment", <Link key="payment" className={link} href={`/admin/payments/${dispute.payment_id}`}>Open</Link>],
          ["Stage", said(dispute.stage)], ["At PayPal", said(dispute.gateway_status)], ["Outcome", dispute.outcome ? said(dispute.outcome) : "none yet"],
          ["Held by PayPal", <Money key="held" value={dispute.held} />],
          ["Opened", <At key="opened" at={dispute.opened_at} />], ["Resolved", dispute.resolved_at ? <At key="resolved" at={dispute.resolved_at} /> : "not yet"],
          ["PayPal's number", <CopyText key="ref" text={dispute.dispute_ref} label="number" />],
        ]} /></Section>
        <Notes key={dispute.notes.length} dispute={dispute} />
      </div>
    </Page>
  );
}
