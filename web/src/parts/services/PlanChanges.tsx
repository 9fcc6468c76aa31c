import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { cancelPlanChange, type PlanChange, planChoicesQuery, retryPlanChange, type Side } from "../../api/planChanges";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button, LinkButton } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { At, On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { cycleWords } from "../catalog/words";

const looks: Record<PlanChange["state"], StateLook> = {
  asked: { word: "Asked", tone: "info", moving: true },
  awaiting_payment: { word: "Waits for payment", tone: "warn" },
  scheduled: { word: "Scheduled", tone: "info" },
  applying: { word: "The server follows", tone: "info", moving: true },
  failed: { word: "The server has not followed", tone: "bad" },
  done: { word: "Done", tone: "good" },
  cancelled: { word: "Taken back", tone: "neutral" },
  expired: { word: "Not paid in time", tone: "neutral" },
};
const invoices = { portal: "/invoices", admin: "/admin/invoices" };
/** What it becomes: another plan, another billing term, or both. */
const becomes = (change: PlanChange) => [change.plan_id === change.plan_before_id && change.cycle ? "" : change.plan_name, change.cycle ? `billed ${cycleWords[change.cycle].name.toLowerCase()}` : ""].filter(Boolean).join(", ");
const fromTo = (change: PlanChange) => [change.plan_id === change.plan_before_id ? change.plan_name : `${change.plan_name_before} to ${change.plan_name}`, change.cycle && change.cycle_before ? `${cycleWords[change.cycle_before].name.toLowerCase()} to ${cycleWords[change.cycle].name.toLowerCase()}` : ""].filter(Boolean).join(", ");
const waiting = (change: PlanChange) => change.state === "awaiting_payment" || change.state === "scheduled";

function takeBack(change: PlanChange, side: Side): ConfirmRequest {
  return {
    title: change.plan_id === change.plan_before_id && change.cycle_before ? `Keep billing ${cycleWords[change.cycle_before].name.toLowerCase()}?` : `Keep ${change.plan_name_before}?`, verb: "Take the change back", run: (reason) => cancelPlanChange(side, change.id, reason),
    body: <p>{change.state === "scheduled" ? <>It will not become {becomes(change)} on <On on={change.effective_on} />; what was billed at that price is void and billed anew.</> : <>The invoice of the change is void, and the plan stays as it is.</>}</p>,
    ...(side === "admin" ? { reasonLabel: "Reason" } : {}),
  };
}

const again = (change: PlanChange): ConfirmRequest => ({
  title: "Ask the panel again?", verb: "Ask again", reasonLabel: "Reason", run: (reason) => retryPlanChange(change.id, reason),
  body: <p>The panel is asked once more to give the server the size of {change.plan_name}. It said: {change.error}</p>,
});

/** The change that is under way, with what can be done about it. */
export function OpenPlanChange({ serviceId, side }: { serviceId: string; side: Side }) {
  const [request, setRequest] = useState<ConfirmRequest | null>(null);
  const change = useQuery(planChoicesQuery(side, serviceId)).data?.changes.find((each) => waiting(each) || each.state === "applying" || each.state === "failed");
  if (!change) return null;
  return (
    <>
      <Notice tone={change.state === "failed" ? "bad" : change.state === "awaiting_payment" ? "warn" : "info"}
        action={<>
          {change.state === "awaiting_payment" && change.invoice_id ? <LinkButton look="primary" href={`${invoices[side]}/${change.invoice_id}`}>{side === "portal" ? "View and pay" : "Invoice"}</LinkButton> : null}
          {change.can.includes("cancel") ? <Button onClick={() => setRequest(takeBack(change, side))}>Take it back</Button> : null}
          {change.can.includes("retry") && side === "admin" ? <Button onClick={() => setRequest(again(change))}>Ask the panel again</Button> : null}
        </>}>
        <OpenWords change={change} side={side} />
      </Notice>
      <Confirm request={request} onClose={() => setRequest(null)} />
    </>
  );
}

function OpenWords({ change, side }: { change: PlanChange; side: Side }) {
  if (change.state === "scheduled") return <>From <On on={change.effective_on} /> it is {becomes(change)}, for <Money value={change.price} /> {change.cycle ? cycleWords[change.cycle].per : "a period"} by the list.</>;
  if (change.state === "awaiting_payment") return <>It becomes {change.plan_name} as soon as <Money value={change.total} /> is paid{change.expires_at ? <>, at the latest <At at={change.expires_at} /></> : null}.</>;
  if (change.state === "applying") return <>It is billed as {change.plan_name}; its server gets the new size within minutes.{side === "admin" && change.error ? <> Last answer: {change.error}</> : null}</>;
  return side === "admin" ? <>The panel refused the size of {change.plan_name}: {change.error}</> : <>It is billed as {change.plan_name}, but its server could not get the new size yet. Our staff have been told and are looking at it.</>;
}

/** Every change there was. */
export function PlanChanges({ serviceId, side }: { serviceId: string; side: Side }) {
  const changes = useQuery(planChoicesQuery(side, serviceId)).data?.changes ?? [];
  if (changes.length === 0) return null;
  return (
    <Section flush title="Changes of plan and term">
      <ul className="divide-y divide-line">
        {changes.map((change) => (
          <li key={change.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-0.5 px-4 py-2">
            <span className="min-w-0">
              <span className="block font-medium">{fromTo(change)}</span>
              <span className="block text-sm text-ink-3">
                <At at={change.created_at} />{change.timing === "renewal" ? <>, for <On on={change.effective_on} /></> : null}
                {change.invoice_id ? <> · <Link className="underline underline-offset-2" href={`${invoices[side]}/${change.invoice_id}`}>Invoice</Link></> : null}
                {change.credit_note_ids.map((id) => <span key={id}> · <Link className="underline underline-offset-2" href={`${invoices[side]}/${id}`}>Credit note</Link></span>)}
                {change.reason ? <span className="block">{change.reason}</span> : null}
              </span>
            </span>
            <span className="ml-auto flex items-center gap-4"><StateBadge look={looks[change.state]} />{change.timing === "now" ? <Money value={change.total} className="min-w-20 text-right" /> : null}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
