import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { agreeTerms, type Terms, termsQuery } from "../../api/adminRenewals";
import { useStaffMay } from "../../parts/identity/session";
import { Button } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { On } from "../../ui/DateTime";
import { FactsDialog } from "../catalog/FactsDialog";

function TermsDialog({ accountId, terms, onClose }: { accountId: string; terms: Terms; onClose: () => void }) {
  return (
    <FactsDialog title="Change terms" verb="Save" said="The terms are kept" names={["terms", "customers"]} onClose={onClose}
      initial={{ exempt: terms.exempt ? "yes" : "no", promise_until: terms.promise_until ?? "", reason: "" }}
      facts={[
        { name: "exempt", label: "Exempt", options: [{ value: "no", label: "No" }, { value: "yes", label: "Yes" }], help: "Never suspended for what is not paid." },
        { name: "promise_until", label: "Promised to pay until", kind: "date", optional: true, help: "Not suspended before." },
        { name: "reason", label: "Reason", help: "Kept in the audit log.", wide: true },
      ]}
      save={({ exempt, promise_until, reason }) => agreeTerms(accountId, { exempt: exempt === "yes", promise_until: promise_until || null, reason: reason ?? "" })} />
  );
}

/** What was agreed with a customer about paying late. */
export function TermsSection({ accountId }: { accountId: string }) {
  const terms = useQuery(termsQuery(accountId)).data;
  const [open, setOpen] = useState(false);
  const may = useStaffMay("renewals.edit");
  if (!terms) return null;
  return (
    <Section title="Terms" aside={may ? <Button look="quiet" onClick={() => setOpen(true)}>Change<span className="sr-only"> terms</span></Button> : null}>
      <Facts items={[["Exempt from suspension", terms.exempt ? "Yes" : "No"], ["Promised to pay until", terms.promise_until ? <On key="until" on={terms.promise_until} /> : "–"], ["Reason", terms.reason ?? "–"]]} />
      {open ? <TermsDialog accountId={accountId} terms={terms} onClose={() => setOpen(false)} /> : null}
    </Section>
  );
}
