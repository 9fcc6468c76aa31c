import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { topUp, topUpBoundsQuery } from "../../api/invoicing";
import { queryClient } from "../../api/query";
import type { TopUpBounds } from "../../api/types";
import { formatMoney, minorDigits } from "../../lib/format";
import { parseMajor } from "../../lib/money";
import { useViewer } from "../../parts/identity/session";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { BalanceText } from "./BillingTabs";

function TopUpForm({ bounds }: { bounds: TopUpBounds }) {
  const { account } = useViewer();
  const [, navigate] = useLocation();
  const { currency } = bounds.least;
  const said = `From ${formatMoney(bounds.least)} to ${formatMoney(bounds.most)}.`;
  const form = useForm({
    initial: { amount: "" },
    validate: (values) => {
      const minor = parseMajor(values.amount, currency);
      return { amount: minor !== null && minor >= bounds.least.minor && minor <= bounds.most.minor ? undefined : said };
    },
    submit: async (values) => {
      const invoice = await topUp(account.id, { minor: parseMajor(values.amount, currency) ?? 0, currency });
      void queryClient.invalidateQueries({ queryKey: ["invoices"] });
      navigate(`/invoices/${invoice.id}`);
    },
    aliases: { minor: "amount", currency: "amount" },
  });
  return (
    <FormShell form={form} label="Top up" actions={<Button type="submit" look="primary" busy={form.sending}>Go on to payment</Button>}>
      <Field label={`Amount in ${currency}`} error={form.errors.amount} help={`${said} No tax: it arises when the money is spent.`}>
        <Input inputMode={minorDigits(currency) ? "decimal" : "numeric"} autoComplete="off" {...form.text("amount")} />
      </Field>
    </FormShell>
  );
}

/** Money into the wallet: what is asked for here is paid like any invoice. */
export function TopUpPage() {
  const { account } = useViewer();
  const { data: bounds, error, refetch } = useQuery(topUpBoundsQuery(account.id));
  return (
    <Page title="Top up" narrow crumbs={[{ label: "Billing", href: "/invoices" }]} meta={<BalanceText />}>
      <Section className="max-w-[460px]">
        {bounds ? <TopUpForm bounds={bounds} /> : error ? <ErrorState error={error} retry={refetch} /> : <SkeletonLines lines={3} />}
      </Section>
    </Page>
  );
}
