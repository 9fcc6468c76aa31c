import { useQuery } from "@tanstack/react-query";
import { askTaxNumber, taxProofsQuery } from "../../api/prices";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { CopyText } from "../../ui/Copy";
import { At } from "../../ui/DateTime";
import { toast, toastError } from "../../ui/Toast";

/** What the EU's register said of the customer's tax numbers; the consultation number is the proof. */
export function TaxProofs({ accountId }: { accountId: string }) {
  const proofs = useQuery(taxProofsQuery(accountId)).data?.items ?? [];
  const ask = () => void askTaxNumber(accountId).then(() => toast("The register is being asked"), toastError);
  return (
    <Section flush title="Tax number, as the EU's register says" aside={<Button look="quiet" onClick={ask}>Ask now</Button>}>
      {proofs.length === 0 ? <p className="px-4 py-3 text-ink-3">Not asked yet.</p> : (
        <ul className="divide-y divide-line">
          {proofs.map((proof) => (
            <li key={proof.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2">
              <span className="min-w-0"><code>{proof.number}</code>{proof.name ? <span className="block truncate text-sm text-ink-3">{proof.name}</span> : null}</span>
              <span className="flex flex-wrap items-center gap-x-4 text-sm"><StateBadge look={proof.valid ? { word: "Valid", tone: "good" } : { word: "Not valid", tone: "bad" }} />{proof.consultation_ref ? <CopyText text={proof.consultation_ref} label="consultation number" /> : null}<span className="text-ink-3"><At at={proof.checked_at} /></span></span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
