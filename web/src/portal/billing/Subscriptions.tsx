import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changeSubscription, type Subscription, subscriptionsQuery } from "../../api/payments";
import { queryClient } from "../../api/query";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button, buttonClass } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Money } from "../../ui/Money";

const looks: Record<Subscription["state"], StateLook> = {
  creating: { word: "Preparing", tone: "info", moving: true }, awaiting_approval: { word: "Waiting for approval", tone: "warn" }, active: { word: "Active", tone: "good" },
  suspended: { word: "Paused", tone: "warn" }, cancelled: { word: "Cancelled", tone: "neutral" }, expired: { word: "Expired", tone: "neutral" }, failed: { word: "Failed", tone: "bad" },
};
const verbs: Record<string, { label: string; says: string; danger?: boolean }> = {
  suspend: { label: "Pause", says: "PayPal charges nothing until you go on. What falls due meanwhile waits for another way to pay." },
  activate: { label: "Go on", says: "PayPal charges again at its next date." },
  cancel: { label: "Cancel", says: "PayPal never charges it again. The server itself is not cancelled by this.", danger: true },
};

/** Standing agreements at PayPal; nothing at all where there are none. */
export function Subscriptions({ accountId }: { accountId: string }) {
  const { data } = useQuery(subscriptionsQuery(accountId));
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  if (!data || data.items.length === 0) return null;
  const ask = (subscription: Subscription, verb: string) => {
    const known = verbs[verb];
    if (!known) return;
    setAsking({
      title: `${known.label}: ${subscription.name}`, body: <p>{known.says}</p>, verb: known.label, danger: known.danger ?? false,
      run: () => changeSubscription(subscription.id, verb).then(() => queryClient.invalidateQueries({ queryKey: ["subscriptions"] })),
    });
  };
  return (
    <Section flush title="PayPal subscriptions">
      <ul aria-label="PayPal subscriptions" className="divide-y divide-line">
        {data.items.map((each) => (
          <li key={each.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
            <div><p className="flex items-center gap-2 font-medium">{each.name}<StateBadge look={looks[each.state]} /></p>
              <p className="text-sm text-ink-3"><Money value={each.amount} /> every {each.months === 1 ? "month" : `${each.months} months`}, into your balance{each.wish ? ". PayPal is being asked…" : ""}</p>
              {each.message ? <p className="text-sm text-bad">{each.message}</p> : null}</div>
            <div className="flex gap-2">
              {each.approve_url ? <a className={buttonClass("primary")} href={each.approve_url}>Approve at PayPal</a> : null}
              {each.can.map((verb) => <Button key={verb} look={verb === "cancel" ? "quiet" : "plain"} onClick={() => ask(each, verb)}>{verbs[verb]?.label ?? verb}<span className="sr-only"> {each.name}</span></Button>)}
            </div>
          </li>
        ))}
      </ul>
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Section>
  );
}
