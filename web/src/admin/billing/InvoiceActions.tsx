import { useState } from "react";
import { useLocation } from "wouter";
import { discardDraft, issueDraft, voidInvoice, writeOff } from "../../api/invoicing";
import type { AdminInvoice } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import { formatMoney } from "../../lib/format";
import { Button, IconButton, LinkButton } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Menu, type MenuItem } from "../../ui/Menu";
import { toast } from "../../ui/Toast";
import { CreditDialog } from "./CreditDialog";

const renew = () => queryClient.invalidateQueries({ queryKey: ["admin"] });

const done = (words: string) => async () => {
  await renew();
  toast(words);
};

/** What changes an invoice at once, each after saying exactly what will happen. */
function requests(invoice: AdminInvoice): Record<string, ConfirmRequest> {
  const { id, number } = invoice;
  const numbered = invoice.kind !== "proforma";
  return {
    issue: { title: "Ask the customer to pay", verb: "Issue proforma", body: <p>{invoice.account_name} gets a proforma over {formatMoney(invoice.total)} by mail. It takes its final number when it is paid.</p>, run: () => issueDraft(id, false).then(done("Issued")) },
    number: { title: "Issue with its final number", verb: "Issue invoice", body: <p>{invoice.account_name} gets an invoice over {formatMoney(invoice.total)} by mail. Revenue and tax are booked now; from then on only a credit note corrects it.</p>, run: () => issueDraft(id, true).then(done("Issued")) },
    discard: { title: "Give up this draft", verb: "Give up", danger: true, body: <p>Nobody was asked to pay it, and it took no number.</p>, run: () => discardDraft(id).then(done("Draft given up")) },
    void: { title: `Void ${number}`, verb: "Void", danger: true, reasonLabel: "Reason", body: <p>{formatMoney(invoice.open)} is not asked for any more. {numbered ? "A credit note over all of it is issued." : "It was a proforma, so no credit note is needed."}</p>, run: (reason) => voidInvoice(id, reason).then(done("Voided")) },
    write_off: { title: `Write off ${number}`, verb: "Write off", danger: true, reasonLabel: "Reason", body: <p>Nobody expects {formatMoney(invoice.open)} any more{numbered ? ", and it is booked as a loss" : ""}. It can still be paid.</p>, run: (reason) => writeOff(id, reason).then(done("Written off")) },
  };
}

/** The verbs that staff may use on this invoice now, as the server says. */
export function InvoiceActions({ invoice }: { invoice: AdminInvoice }) {
  const [asked, ask] = useState<ConfirmRequest | null>(null);
  const [way, setWay] = useState<"credit" | "refund_to_wallet" | null>(null);
  const [, navigate] = useLocation();
  const can = (verb: string) => invoice.can.includes(verb);
  const known = requests(invoice);
  const entry = (verb: string, label: string, danger = false): MenuItem[] => {
    const request = known[verb];
    return request && can(verb) ? [{ label, danger, onSelect: () => ask(request) }] : [];
  };
  const items: MenuItem[] = [
    ...(can("issue") && known.number ? [{ label: "Issue with final number", onSelect: () => known.number && ask(known.number) }] : []),
    ...(can("refund_to_wallet") ? [{ label: "Refund to the wallet", onSelect: () => setWay("refund_to_wallet") }] : []),
    ...(can("credit") ? [{ label: "Issue a credit note", onSelect: () => setWay("credit") }] : []),
    ...entry("write_off", "Write off", true), ...entry("void", "Void", true), ...entry("discard", "Give up draft", true),
  ];
  return (
    <>
      {can("edit") ? <LinkButton href={`/admin/invoices/${invoice.id}/edit`}>Edit draft</LinkButton> : null}
      {can("issue") && known.issue ? <Button look="primary" onClick={() => known.issue && ask(known.issue)}>Issue</Button> : null}
      {items.length > 0 ? <Menu trigger={<IconButton icon="dots" label={`Actions for ${invoice.number}`} />} items={items} /> : null}
      <Confirm request={asked} onClose={() => ask(null)} />
      {way ? <CreditDialog invoice={invoice} way={way} onClose={() => setWay(null)} onDone={async (note) => {
        await renew();
        setWay(null);
        toast(`${note.number} issued`);
        navigate(`/admin/invoices/${note.id}`);
      }} /> : null}
    </>
  );
}
