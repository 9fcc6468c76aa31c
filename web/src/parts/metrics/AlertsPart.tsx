import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../api/query";
import { type Alert, type AlertRule, type AlertRules, alertRulesQuery, saveAlertRules, serverAlertsQuery } from "../../api/metrics";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Checkbox, Input } from "../../ui/controls";
import { Ago } from "../../ui/DateTime";
import { Dialog } from "../../ui/Dialog";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { alertLooks, alertSays, endSays, kindWords } from "./words";

type Kind = AlertRule["kind"];
const whole = (text: string | boolean | undefined) => Number.parseInt(String(text), 10);

function between(text: string | boolean | undefined, least: number, most: number): string | undefined {
  const value = whole(text);
  return Number.isInteger(value) && value >= least && value <= most ? undefined : `From ${least} to ${most}.`;
}

function RuleRow({ rule, form }: { rule: AlertRule; form: ReturnType<typeof useForm<Record<string, string | boolean>>> }) {
  const { kind } = rule;
  const words = kindWords[kind];
  const on = Boolean(form.values[`${kind}_enabled`]);
  const problem = form.errors[`${kind}_threshold`] ?? form.errors[`${kind}_minutes`];
  const number = (field: "threshold" | "minutes", label: string) => (
    <label className="flex items-center gap-1.5 text-sm text-ink-2">
      <span className="sr-only">{words.name}, {label}</span>
      <Input className="w-14! text-right" inputMode="numeric" disabled={!on} aria-invalid={form.errors[`${kind}_${field}`] ? true : undefined} {...form.text(`${kind}_${field}`)} />
      <span aria-hidden="true">{label}</span>
    </label>
  );
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 py-1.5 max-sm:grid-cols-1">
      <Checkbox label={words.name} help={words.help} {...form.tick(`${kind}_enabled`)} />
      <span className="flex items-center gap-3 max-sm:pl-6.5">{kind === "down" ? null : number("threshold", "%")}{kind === "traffic" ? null : number("minutes", "min")}</span>
      {problem ? <p className="col-span-full text-sm text-bad">{problem}</p> : null}
    </li>
  );
}

function EditRules({ rules, onClose }: { rules: AlertRules; onClose: () => void }) {
  const form = useForm<Record<string, string | boolean>>({
    initial: Object.fromEntries(rules.rules.flatMap((rule) => [[`${rule.kind}_enabled`, rule.enabled], [`${rule.kind}_threshold`, String(rule.threshold)], [`${rule.kind}_minutes`, String(rule.minutes)]] as [string, string | boolean][])),
    validate: (values) => Object.fromEntries(rules.rules.filter(({ kind }) => values[`${kind}_enabled`]).flatMap(({ kind }) =>
      [[`${kind}_threshold`, between(values[`${kind}_threshold`], 1, 100)], [`${kind}_minutes`, between(values[`${kind}_minutes`], 0, 120)]] as [string, string | undefined][])),
    submit: async (values) => {
      const wanted = rules.rules.map((rule) => {
        const enabled = Boolean(values[`${rule.kind}_enabled`]);
        const [threshold, minutes] = [whole(values[`${rule.kind}_threshold`]), whole(values[`${rule.kind}_minutes`])];
        return { kind: rule.kind as Kind, enabled, threshold: enabled ? threshold : rule.threshold, minutes: enabled ? minutes : rule.minutes };
      });
      await saveAlertRules(rules.server_id, wanted);
      await queryClient.invalidateQueries({ queryKey: ["alerts"] });
      onClose();
    },
  });
  return (
    <Dialog open title="Alerts of this server" onClose={onClose}>
      <FormShell form={form} label="Alerts" actions={<><Button type="submit" look="primary" busy={form.sending}>Save</Button><Button onClick={onClose}>Cancel</Button></>}>
        <p className="text-sm text-ink-3">Raised when a value stays at its threshold for so many minutes, over when it is 5 points below for as long. Everyone who may operate the server gets a mail, once each.</p>
        <ul className="divide-y divide-line">{rules.rules.map((rule) => <RuleRow key={rule.kind} rule={rule} form={form} />)}</ul>
      </FormShell>
    </Dialog>
  );
}

function RuleList({ rules }: { rules: AlertRules }) {
  const on = rules.rules.filter((rule) => rule.enabled);
  if (on.length === 0) return <p className="p-4 text-ink-3">No alerts are set.</p>;
  return (
    <ul aria-label="Alerts set" className="flex flex-wrap gap-x-6 gap-y-1 p-4 text-ink-2">
      {on.map((rule) => <li key={rule.kind}>{kindWords[rule.kind].name}{rule.kind === "down" ? "" : ` ≥ ${rule.threshold} %`}{rule.minutes > 0 ? ` for ${rule.minutes} min` : ""}</li>)}
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
