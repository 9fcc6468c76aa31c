import { useQuery } from "@tanstack/react-query";
import { type AlertDefaults, alertDefaultsQuery, saveAlertDefaults } from "../../api/metrics";
import { queryClient } from "../../api/query";
import { useViewer } from "../../parts/identity/session";
import { fieldsOf, problemsOf, ruleFrom, RuleRow, ruleSays, type RuleValues } from "../../parts/metrics/RuleFields";
import { kindWords } from "../../parts/metrics/words";
import { Button } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toast } from "../../ui/Toast";
import { AccountTabs } from "./AccountTabs";

function Edit({ defaults }: { defaults: AlertDefaults }) {
  const form = useForm<RuleValues>({
    initial: fieldsOf(defaults.rules),
    guard: true,
    validate: (values) => problemsOf(defaults.rules, values),
    submit: async (values) => {
      await saveAlertDefaults(defaults.account_id, defaults.rules.map((rule) => ruleFrom(rule, values)));
      await queryClient.invalidateQueries({ queryKey: ["alerts"] });
      toast("Saved; servers follow within a minute");
    },
  });
  return (
    <FormShell form={form} label="Alerts of all servers" actions={<Button type="submit" look="primary" busy={form.sending}>Save</Button>}>
      <ul className="divide-y divide-line">{defaults.rules.map((rule) => <RuleRow key={rule.kind} kind={rule.kind} form={form} />)}</ul>
    </FormShell>
  );
}

/** Thresholds that every server of the account follows unless it sets its own. */
export function AlertsPage() {
  const { account } = useViewer();
  const { data, error, refetch } = useQuery(alertDefaultsQuery(account.id));
  return (
    <Page title="Alerts" narrow crumbs={[{ label: "Account", href: "/account" }]}>
      <AccountTabs current="/account/alerts" />
      <Section title="All servers">
        {data ? (
          <div className="space-y-4">
            <p className="text-sm text-ink-3">Every server follows this, those to come as well, unless its own page sets something else. Everyone who may operate servers gets a mail when a threshold is reached, and one when that is over.</p>
            {data.can.includes("change") ? <Edit key={data.account_id} defaults={data} /> : <Facts items={data.rules.map((rule) => [kindWords[rule.kind].name, ruleSays(rule, rule.kind)])} />}
          </div>
        ) : error ? <ErrorState error={error} retry={refetch} /> : <SkeletonLines lines={5} />}
      </Section>
    </Page>
  );
}
