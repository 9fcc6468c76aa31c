import { useState } from "react";
import { type Sight, setFirewall } from "../../api/serverSight";
import type { Server } from "../../api/types";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Checkbox } from "../../ui/controls";

const columns: [string, string][] = [["action", "Action"], ["direction", "Direction"], ["protocol", "Protocol"], ["sourceAddress", "From"], ["destinationPort", "Port"]];

function Rules({ rules }: { rules: Record<string, string>[] }) {
  if (rules.length === 0) return <p className="text-ink-3">No rules.</p>;
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left text-sm">
        <thead><tr>{columns.map(([key, title]) => <th key={key} scope="col" className="pr-4 pb-1 font-medium text-ink-3">{title}</th>)}</tr></thead>
        <tbody>{rules.map((rule) => <tr key={JSON.stringify(rule)} className="border-t border-line">{columns.map(([key]) => <td key={key} className="num py-1.5 pr-4">{rule[key] ?? "any"}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

/** Rules that the host has put together; those that are chosen replace all others. */
function Rulesets({ server, sight }: { server: Server; sight: Sight }) {
  const [chosen, setChosen] = useState<number[]>([]);
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const names = sight.rulesets.filter(({ id }) => chosen.includes(id)).map(({ name }) => name);
  return (
    <fieldset className="mt-4 border-t border-line pt-3">
      <legend className="sr-only">Other rules</legend>
      {sight.rulesets.map(({ id, name }) => (
        <Checkbox key={id} label={name} checked={chosen.includes(id)} onChange={(event) => setChosen(event.target.checked ? [...chosen, id] : chosen.filter((each) => each !== id))} />
      ))}
      <Button className="mt-2" onClick={() => setAsking({
        title: "Replace the rules?", verb: "Replace the rules", danger: true, run: () => setFirewall(server.id, { enabled: true, ruleset_ids: chosen }),
        body: <p>All present rules go. {names.length > 0 ? `Then these hold: ${names.join(", ")}.` : "Then there are none."} The firewall is turned on.</p>,
      })}>Replace the rules</Button>
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </fieldset>
  );
}

export function FirewallSection({ server, sight }: { server: Server; sight: Sight }) {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const firewall = sight.firewall;
  if (!firewall) return null;
  const may = sight.can.includes("firewall");
  const turn = () => setAsking({
    title: firewall.enabled ? "Turn the firewall off?" : "Turn the firewall on?", verb: firewall.enabled ? "Turn it off" : "Turn it on", danger: firewall.enabled,
    body: <p>{firewall.enabled ? "Everything on the server can be reached from the internet then." : "Only what the rules below allow gets through. Be sure that they let you log in."}</p>,
    run: () => setFirewall(server.id, { enabled: !firewall.enabled }),
  });
  return (
    <Section title="Firewall" aside={may ? <Button onClick={turn}>{firewall.enabled ? "Turn off" : "Turn on"}</Button> : null}>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <StateBadge look={firewall.enabled ? { word: "On", tone: "good" } : { word: "Off", tone: "neutral" }} />
        {may ? null : <span className="text-sm text-ink-3">Shown as the panel has it; it is changed there.</span>}
      </div>
      <Rules rules={firewall.rules} />
      {may && sight.rulesets.length > 0 ? <Rulesets server={server} sight={sight} /> : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Section>
  );
}
