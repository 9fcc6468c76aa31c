import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { giveCredit, type StaffCredit, staffCreditsQuery } from "../../api/adminPayments";
import { parseMajor } from "../../lib/money";
import { useStaffMay } from "../../parts/identity/session";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Ago, On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { FactsDialog } from "../catalog/FactsDialog";

type Props = { accountId: string; currency: string };

function CreditDialog({ accountId, currency, onClose }: Props & { onClose: () => void }) {
  return (
    <FactsDialog title="Give credit" verb="Give credit" said="The credit is given" names={["credits", "customers"]} onClose={onClose} aliases={{ amount_minor: "amount" }}
      initial={{ amount: "", expires_on: "", reason: "" }}
      facts={[
        { name: "amount", label: `Amount in ${currency}`, kind: "decimal", help: "Pays invoices before the balance does. It never becomes money." },
        { name: "expires_on", label: "Good until", kind: "date", optional: true, help: "Empty: until it is used up." },
        { name: "reason", label: "Reason", help: "The customer reads it too.", wide: true },
      ]}
      save={({ amount = "", expires_on, reason = "" }) => giveCredit(accountId, { amount_minor: parseMajor(amount, currency) ?? 0, reason, expires_on: expires_on || null })} />
  );
}

function CreditLine({ credit }: { credit: StaffCredit }) {
  return (
    <li className="flex items-baseline justify-between gap-3 px-4 py-2">
      <span className="min-w-0">
        <span className="block break-words">{credit.reason}</span>
        <span className="text-sm text-ink-3"><Money value={credit.amount} /> given <Ago at={credit.created_at} />{credit.expires_on ? <>, good until <On on={credit.expires_on} /></> : null}</span>
      </span>
      <span className="flex shrink-0 items-center gap-3">{credit.good ? null : <Badge>{credit.expired.minor ? "Expired" : "Used up"}</Badge>}<Money value={credit.left} className="min-w-24 text-right" /></span>
    </li>
  );
}

/** Promotional credit of a customer: what was given, what is left. */
export function CreditSection({ accountId, currency }: Props) {
  const credits = useQuery(staffCreditsQuery(accountId)).data;
  const [open, setOpen] = useState(false);
  const may = useStaffMay("payments.edit");
  if (!credits || (credits.items.length === 0 && !may)) return null;
  return (
    <Section flush title="Promotional credit" aside={may ? <Button look="quiet" onClick={() => setOpen(true)}>Give credit</Button> : null}>
      {credits.items.length === 0 ? <p className="px-4 py-3 text-ink-3">None was given.</p> : <ul aria-label="Promotional credit" className="divide-y divide-line">{credits.items.map((credit) => <CreditLine key={credit.id} credit={credit} />)}</ul>}
      {open ? <CreditDialog accountId={accountId} currency={currency} onClose={() => setOpen(false)} /> : null}
    </Section>
  );
}
