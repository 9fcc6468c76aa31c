import { editCatalog } from "../../api/admin";
import type { AdminPlan } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import type { PlanPrice } from "../../api/types";
import { majorString, minorDigits } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm, type Values } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { toast } from "../../ui/Toast";

const nameOf = (price: PlanPrice) => `${price.cycle}-${price.price.currency}`;

function shown(price: PlanPrice): string {
  return price.price_exact ?? majorString(price.price);
}

/** "12.50" as minor units; null when it is no amount of that currency. */
function toMinor(text: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const found = /^(\d+)(?:\.(\d+))?$/.exec(text.trim().replace(",", "."));
  if (!found || (found[2] ?? "").length > digits) return null;
  return Number(`${found[1] ?? "0"}${(found[2] ?? "").padEnd(digits, "0")}`);
}

function toPrice(price: PlanPrice, text: string): PlanPrice {
  const currency = price.price.currency;
  if (price.cycle === "hourly") return { ...price, price_exact: text.trim().replace(",", ".") };
  return { ...price, price: { currency, minor: toMinor(text, currency) ?? price.price.minor } };
}

/** Prices of one plan; services already running keep the price they were sold at. */
export function PricesDialog({ plan, onClose }: { plan: AdminPlan; onClose: () => void }) {
  const form = useForm<Values>({
    initial: Object.fromEntries(plan.prices.map((price) => [nameOf(price), shown(price)])),
    validate: (values) => Object.fromEntries(plan.prices.flatMap((price) => {
      const text = String(values[nameOf(price)] ?? "");
      const fine = price.cycle === "hourly" ? /^\d+([.,]\d{1,6})?$/.test(text.trim()) : toMinor(text, price.price.currency) !== null;
      return fine ? [] : [[nameOf(price), `Enter an amount in ${price.price.currency}, such as 12.50.`]];
    })),
    submit: async (values) => {
      await editCatalog("plans", plan.id, { prices: plan.prices.map((price) => toPrice(price, String(values[nameOf(price)]))) });
      await queryClient.invalidateQueries({ queryKey: ["admin", "plans"] });
      void queryClient.invalidateQueries({ queryKey: ["plans"] });
      toast(`Prices of ${plan.name} saved`);
      onClose();
    },
  });
  return (
    <Dialog open title={`Prices of ${plan.name}`} onClose={onClose}>
      <FormShell form={form} label={`Prices of ${plan.name}`} actions={<><Button type="submit" look="primary" busy={form.sending}>Save prices</Button><Button onClick={onClose}>Cancel</Button></>}>
        <p className="text-ink-2">Net prices for new orders. Servers that run keep theirs.</p>
        {plan.prices.length === 0 ? <p className="text-ink-3">This plan has no price yet.</p> : null}
        <div className="grid gap-4 sm:grid-cols-2">
          {plan.prices.map((price) => (
            <Field key={nameOf(price)} label={`${cycleWords[price.cycle].name}, ${price.price.currency}`} error={form.errors[nameOf(price)]}><Input inputMode="decimal" className="num text-right" {...form.text(nameOf(price))} /></Field>
          ))}
        </div>
      </FormShell>
    </Dialog>
  );
}
