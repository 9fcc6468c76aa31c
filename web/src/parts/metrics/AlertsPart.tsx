import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { queryClient } from "../../api/query";
import { type Alert, type AlertRules, alertRulesQuery, saveAlertRules, serverAlertsQuery } from "../../api/metrics";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Ago } from "../../ui/DateTime";
import { Dialog } from "../../ui/Dialog";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { fieldsOf, problemsOf, ruleFrom, RuleRow, ruleSays, type RuleValues } from "./RuleFields";
import { alertLooks, alertSays, endSays, kindWords } from "./words";

function EditRules({ rules, onClose }: { rules: AlertRules; onClose: () => void }) {
  const form = useForm<RuleValues>({
    initial: { ...fieldsOf(rules.rules), ...Object.fromEntries(rules.rules.map((rule) => [`${rule.kind}_follows`, !rule.own])) },
    validate: (values) => problemsOf(rules.rules, values),
    submit: async (values) => {
      await saveAlertRules(rules.server_id, rules.rules.map((rule) => {
        const follows = Boolean(values[`${rule.kind}_follows`]);
        const { kind, threshold, minutes, enabled } = rule;
        return follows ? { kind, threshold, minutes, enabled, own: false } : { ...ruleFrom(rule, values), own: true };
      }));
      await queryClient.invalidateQueries({ queryKey: ["alerts"] });
      onClose();
    },
  });
  return (
    <Dialog open title="Alerts of this server" onClose={onClose}>
      <FormShell form={form} label="Alerts" actions={<><Button type="submit" look="primary" busy={form.sending}>Save</Button><Button onClick={onClose}>Cancel</Button></>}>
        <p className="text-sm text-ink-3">Raised when a value stays at its threshold for so many minutes, over when it is 5 points below for as long. Everyone who may operate the server gets a mail, once each. What all servers follow is set under <Link className="text-accent-text underline underline-offset-2" href="/account/alerts">Account, Alerts</Link>.</p>
        <ul className="divide-y divide-line">{rules.rules.map((rule) => <RuleRow key={rule.kind} kind={rule.kind} form={form} account={rule.account} />)}</ul>
      </FormShell>
    </Dialog>
  );
}

function RuleList({ rules }: { rules: AlertRules }) {
  const on = rules.rules.filter((rule) => rule.enabled);
  if (on.length === 0) return <p className="p-4 text-ink-3">No alerts are set.</p>;
  return (
    <ul aria-label="Alerts set" className="flex flex-wrap gap-x-6 gap-y-1 p-4 text-ink-2">
      {on.map((rule) => <li key={rule.kind}>{kindWords[rule.kind].name} {ruleSays(rule, rule.kind)}{rule.own ? "" : <span className="text-ink-3"> (account)</span>}</li>)}
    </ul>
  );
}

function AlertLine({ alert }: { alert: Alert }) {
  const end = endSays(alert);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-0.5 px-4 py-2">
      <span>{alertSays(alert)}</span>
      <span className="flex items-center gap-4 text-sm text-ink-3">
        <Ago at={alert.raised_at} happened />
        {alert.cleared_at ? <span>over <Ago at={alert.cleared_at} happened />{end ? `, ${end}` : ""}</span> : null}
        <StateBadge look={alertLooks[alert.state]} />
      </span>
    </li>
  );
}

/** The thresholds of a server and what they raised; customers who operate it may change them. */
export function AlertsPart({ serverId, staff }: { serverId: string; staff: boolean }) {
  const rules = useQuery(alertRulesQuery(serverId, staff));
  const alerts = useQuery(serverAlertsQuery(serverId, staff));
  const [editing, setEditing] = useState(false);
  const may = rules.data?.can.includes("change");
  const aside = staff ? undefined : <Button disabled={!may} title={may ? undefined : "Your role may not change them"} onClick={() => setEditing(true)}>Set alerts</Button>;
  return (
    <Section flush title="Alerts" aside={aside}>
      {rules.data ? <RuleList rules={rules.data} /> : rules.error ? <ErrorState error={rules.error} retry={rules.refetch} /> : <div className="p-4"><SkeletonLines lines={2} /></div>}
      {alerts.data ? (
        <ul aria-label="What was raised" className="divide-y divide-line border-t border-line empty:hidden">{alerts.data.items.map((alert) => <AlertLine key={alert.id} alert={alert} />)}</ul>
      ) : alerts.error ? <ErrorState error={alerts.error} retry={alerts.refetch} /> : null}
      {alerts.data?.items.length === 0 && rules.data?.rules.some((rule) => rule.enabled) ? <div className="border-t border-line"><EmptyState title="Nothing was raised">What reaches its threshold will stand here, with when and for how long.</EmptyState></div> : null}
      {editing && rules.data ? <EditRules rules={rules.data} onClose={() => setEditing(false)} /> : null}
    </Section>
  );
}
