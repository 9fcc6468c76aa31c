import { useQuery } from "@tanstack/react-query";
import { type AutoTopUp as Found, autoTopUpQuery, setAutoTopUp } from "../../api/payments";
import { queryClient } from "../../api/query";
import { parseAmount } from "../../lib/amount";
import { majorString } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Checkbox, Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toast } from "../../ui/Toast";

type Names = "threshold" | "amount" | "month_max";
const wrong = "Enter an amount such as 20.00.";

function Settings({ accountId, found, may }: { accountId: string; found: Found; may: boolean }) {
  const { settings, currency } = found;
  const read = (text: string | boolean | undefined) => parseAmount(String(text ?? ""), currency);
  const shown = (name: Names, otherwise: string) => (settings ? majorString(settings[name]) : otherwise);
  const form = useForm({
    initial: { enabled: settings?.enabled ?? false, threshold: shown("threshold", "5.00"), amount: shown("amount", "20.00"), month_max: shown("month_max", "100.00") },
    validate: (values) => ({
      threshold: read(values.threshold) ? undefined : wrong, amount: read(values.amount) ? undefined : wrong, month_max: read(values.month_max) ? undefined : wrong,
    }),
    submit: async (values) => {
      await setAutoTopUp({
        account_id: accountId, enabled: Boolean(values.enabled), threshold_minor: read(values.threshold) ?? 0,
        amount_minor: read(values.amount) ?? 0, month_max_minor: read(values.month_max) ?? 0,
      });
      await queryClient.invalidateQueries({ queryKey: ["wallet"] });
      toast(values.enabled ? "The balance now fills itself" : "Automatic top-up is off");
    },
  });
  return (
    <FormShell form={form} label="Automatic top-up" actions={may ? <Button type="submit" look="primary" busy={form.sending}>Save</Button> : null}>
      {settings?.message ? <Notice tone="warn">{settings.message}</Notice> : null}
      <Checkbox label="Top up the balance by itself" help="Charges the method that is charged first." disabled={!may} {...form.tick("enabled")} />
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={`When it falls below (${currency})`} error={form.errors.threshold}><Input inputMode="decimal" disabled={!may} {...form.text("threshold")} /></Field>
        <Field label={`Top up by (${currency})`} error={form.errors.amount}><Input inputMode="decimal" disabled={!may} {...form.text("amount")} /></Field>
        <Field label={`At most a month (${currency})`} error={form.errors.month_max}><Input inputMode="decimal" disabled={!may} {...form.text("month_max")} /></Field>
      </div>
    </FormShell>
  );
}

/** When and by how much the balance fills itself. */
export function AutoTopUp({ accountId, may }: { accountId: string; may: boolean }) {
  const { data, error, refetch } = useQuery(autoTopUpQuery(accountId));
  return (
    <Section title="Automatic top-up">
      {data ? <Settings key={JSON.stringify(data.settings)} accountId={accountId} found={data} may={may} /> : error ? <ErrorState error={error} retry={refetch} /> : <SkeletonLines lines={3} />}
    </Section>
  );
}
