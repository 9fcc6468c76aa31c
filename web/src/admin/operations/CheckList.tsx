import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Check, Finding } from "../../api/adminHealth";
import { acknowledge } from "../../api/adminHealth";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import type { ConfirmRequest } from "../../ui/Confirm";
import { Ago } from "../../ui/DateTime";
import { subjectHref } from "../subjects";

type Ask = (request: ConfirmRequest) => void;
const link = "underline underline-offset-2";

export const checkLooks: Record<Check["state"], StateLook> = {
  holds: { word: "Holds", tone: "good" }, broken: { word: "Broken", tone: "bad" }, known: { word: "Known", tone: "warn" }, unchecked: { word: "Not looked at", tone: "neutral" },
};

const note = (finding: Finding): ConfirmRequest => ({
  title: "Take note of this?", verb: "Take note", reasonLabel: "Why it may stand", run: (reason) => acknowledge(finding.id, reason),
  body: <><p>{finding.text}</p><p>It stays open and quiet, and closes by itself when it is right again.</p></>,
});

function FindingRow({ finding, ask, repairs }: { finding: Finding; ask: Ask; repairs?: ReactNode }) {
  const href = subjectHref(finding.subject);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2.5">
      <span className="min-w-0 flex-1 basis-60">
        {href ? <Link href={href} className="wrap-anywhere hover:underline">{finding.text}</Link> : <span className="wrap-anywhere">{finding.text}</span>}
        <span className="block text-sm text-ink-3">
          Found <Ago at={finding.opened_at} happened />
          {finding.account_id ? <>, <Link href={`/admin/customers/${finding.account_id}`} className={link}>{finding.account_name ?? "its customer"}</Link></> : null}
        </span>
        {finding.repair_state ? <span className="block text-sm text-ink-2 wrap-anywhere">{finding.repair_state === "asked" ? "Being repaired…" : finding.repair_note}</span> : null}
        {finding.acknowledged_at ? <span className="block text-sm text-ink-2 wrap-anywhere">{finding.acknowledged_by} took note: {finding.reason}</span> : null}
      </span>
      <span className="flex flex-wrap gap-2">
        {repairs}
        {finding.can.includes("acknowledge") ? <Button onClick={() => ask(note(finding))}>Take note<span className="sr-only">: {finding.text}</span></Button> : null}
      </span>
    </li>
  );
}

/** Every check with what breaks it; what is broken comes first. */
export function CheckList({ checks, ask, onRunbook, repairs }: { checks: Check[]; ask: Ask; onRunbook: (check: Check) => void; repairs?: (finding: Finding) => ReactNode }) {
  const order: Check["state"][] = ["broken", "unchecked", "known", "holds"];
  return (
    <ul className="space-y-3">
      {checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)).map((check) => (
        <li key={check.name}>
          <Section flush title={check.title} aside={<span className="flex items-center gap-3"><StateBadge look={checkLooks[check.state]} since={check.since} /><Button look="quiet" onClick={() => onRunbook(check)}>Runbook<span className="sr-only"> of {check.title}</span></Button></span>}>
            {check.error ? <p className="px-4 py-2.5 text-sm text-bad wrap-anywhere">It could not be looked at: {check.error}</p> : null}
            {check.findings.length > 0 ? <ul aria-label={check.title} className="divide-y divide-line">{check.findings.map((each) => <FindingRow key={each.id} finding={each} ask={ask} repairs={repairs?.(each)} />)}</ul> : null}
          </Section>
        </li>
      ))}
    </ul>
  );
}
