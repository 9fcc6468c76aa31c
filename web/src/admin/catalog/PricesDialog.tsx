import { useQuery } from "@tanstack/react-query";
import { editPlan } from "../../api/admin";
import type { AdminPlan } from "../../api/adminTypes";
import { brandQuery } from "../../api/catalog";
import { queryClient } from "../../api/query";
import type { Cycle } from "../../api/types";
import { minorDigits } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm, type Values } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { toast } from "../../ui/Toast";

type Slot = { name: string; cycle: Cycle; currency: string };

const cycles = Object.keys(cycleWords) as Cycle[];

function slots(currencies: string[]): Slot[] {
  return cycles.flatMap((cycle) => currencies.map((currency) => ({ name: `${cycle}-${currency}`, cycle, currency })));
}

const tidy = (text: string | boolean | undefined) => String(text ?? "").trim().replace(",", ".");

/** Hours are sold finer than a cent; everything else in whole minor units. */
function isPrice(text: string, slot: Slot): boolean {
  const digits = slot.cycle === "hourly" ? 6 : minorDigits(slot.currency);
  return new RegExp(digits === 0 ? "^\\d+$" : `^\\d+(\\.\\d{1,${digits}})?$`).test(text);
}

/** "3.90" for "3.9": prices stand as they are said; finer ones keep their digits. */
function shown(price: string, currency: string): string {
  const [whole = "0", part = ""] = price.split(".");
  const digits = part.padEnd(minorDigits(currency), "0");
  return digits ? `${whole}.${digits}` : whole;
}

/** All prices of one plan at once; an empty field is not sold. Services that run keep the price they were sold at. */
function PricesForm({ plan, all, onClose }: { plan: AdminPlan; all: Slot[]; onClose: () => void }) {
  const before = (slot: Slot) => plan.prices.find((price) => price.cycle === slot.cycle && price.currency === slot.currency);
  const priceText = (slot: Slot) => {
    const price = before(slot)?.price;
    return price ? shown(price, slot.currency) : "";
  };
  const form = useForm<Values>({
    initial: Object.fromEntries(all.map((slot) => [slot.name, priceText(slot)])),
    validate: (values) => Object.fromEntries(all.flatMap((slot) => {
      const text = tidy(values[slot.name]);
      return text === "" || isPrice(text, slot) ? [] : [[slot.name, "An amount such as 12.50, or empty."]];
    })),
    submit: async (values) => {
      const prices = all.filter((slot) => tidy(values[slot.name]) !== "").map((slot) => ({
        cycle: slot.cycle, currency: slot.currency, price: tidy(values[slot.name]), setup_minor: before(slot)?.setup.minor ?? 0,
      }));
      await editPlan(plan.id, { prices });
      await queryClient.invalidateQueries({ queryKey: ["admin", "plans"] });
      void queryClient.invalidateQueries({ queryKey: ["plans"] });
      toast(`Prices of ${plan.name} saved`);
      onClose();
    },
  });
  return (
    <FormShell form={form} label={`Prices of ${plan.name}`} actions={<><Button type="submit" look="primary" busy={form.sending}>Save prices</Button><Button onClick={onClose}>Cancel</Button></>}>
      <p className="text-ink-2">Net prices for new orders. An empty field is not sold. Servers that run keep theirs.</p>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        {all.map((slot) => (
          <Field key={slot.name} label={`${cycleWords[slot.cycle].name}, ${slot.currency}`} error={form.errors[slot.name]}><Input inputMode="decimal" className="num text-right" placeholder="not sold" {...form.text(slot.name)} /></Field>
        ))}
      </div>
    </FormShell>
  );
}

export function PricesDialog({ plan, onClose }: { plan: AdminPlan; onClose: () => void }) {
  const brand = useQuery(brandQuery).data;
  return <Dialog open wide title={`Prices of ${plan.name}`} onClose={onClose}>{brand ? <PricesForm plan={plan} all={slots(brand.currencies)} onClose={onClose} /> : null}</Dialog>;
}
