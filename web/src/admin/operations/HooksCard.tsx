import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endHook, makeHook, type NewPanelHook, panelHooksQuery } from "../../api/adminPanel";
import { useStaffMay } from "../../parts/identity/session";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { CopyText } from "../../ui/Copy";
import { Ago } from "../../ui/DateTime";
import { Notice } from "../../ui/Notice";
import { toastError } from "../../ui/Toast";

/** Where the panel must tell us things, and what it told last: each a hint to look, never believed by itself. */
export function HooksCard() {
  const { data: hooks } = useQuery(panelHooksQuery);
  const may = useStaffMay("settings.edit");
  const [made, setMade] = useState<NewPanelHook | null>(null);
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  if (!hooks) return null;
  const make = () => makeHook().then(setMade, toastError);
  const renew: ConfirmRequest = { title: "Make a new address and token?", verb: "Make new ones", body: <p>The old ones end at once; paste the new ones into the panel.</p>, run: make };
  const end: ConfirmRequest = { title: "Let the panel tell us nothing?", verb: "Switch off", danger: true, body: <p>We go on looking by ourselves: changes made at the panel are seen some minutes later.</p>, run: () => endHook().then(() => setMade(null)) };
  return (
    <Section title="What the panel tells us" className="mt-5" aside={<StateBadge look={hooks.enabled ? { word: "On", tone: "good" } : { word: "Off", tone: "neutral" }} />}>
      <p className="mb-3 max-w-prose text-ink-2">With a webhook the panel tells us when something happens to a server, and we look at it at once. It carries no signature: what it says is never believed, only looked at.</p>
      {made ? (
        <div className="mb-3"><Notice tone="warn" role="status" title="Shown this once: paste both into the panel's webhook">
          <Facts items={[["URL", <CopyText key="url" text={made.url} label="URL" />], ["Token", <CopyText key="token" text={made.token} label="Token" />]]} />
        </Notice></div>
      ) : null}
      {may ? (
        <div className="flex flex-wrap gap-2">
          {hooks.enabled ? <><Button onClick={() => setAsking(renew)}>Make a new address and token</Button><Button look="danger" onClick={() => setAsking(end)}>Switch off</Button></> : <Button look="primary" onClick={() => void make()}>Switch on</Button>}
        </div>
      ) : null}
      {hooks.latest.length > 0 ? (
        <ul aria-label="What the panel told last" className="mt-4 divide-y divide-line border-t border-line">
          {hooks.latest.map((hook) => (
            <li key={hook.id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-1.5">
              <span className="min-w-0"><code>{hook.event}</code> {hook.status}{hook.server_ref === null ? "" : `, panel server ${hook.server_ref}`}<span className="block text-sm text-ink-3">{hook.outcome ?? "Not looked at yet"}</span></span>
              <span className="text-sm text-ink-3"><Ago at={hook.received_at} happened /></span>
            </li>
          ))}
        </ul>
      ) : hooks.enabled ? <p className="mt-3 text-ink-3">The panel has told nothing yet.</p> : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Section>
  );
}
