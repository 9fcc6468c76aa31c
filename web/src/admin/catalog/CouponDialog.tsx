import { addCoupon } from "../../api/prices";
import { minorDigits } from "../../lib/format";
import { decimal, type Fact, FactsDialog } from "./FactsDialog";
import { cycleChoices, useChoices } from "./useChoices";

const yesNo = [{ value: "no", label: "No" }, { value: "yes", label: "Yes" }];

/** Minor units of an amount typed in major ones, by digits. */
function minor(text: string, currency: string): number {
  const [whole = "0", part = ""] = decimal(text).split(".");
  const digits = minorDigits(currency);
  return Number(whole + part.padEnd(digits, "0").slice(0, digits));
}

function facts({ plans, currencies }: ReturnType<typeof useChoices>): Fact[] {
  return [
    { name: "code", label: "Code", help: "What customers type." },
    { name: "name", label: "What it is for", optional: true, help: "Only staff see this." },
    { name: "percent", label: "Per cent off", kind: "decimal", optional: true, help: "Or an amount." },
    ...currencies.map(({ value }): Fact => ({ name: `off-${value}`, label: `Amount off, ${value}`, kind: "decimal", optional: true })),
    { name: "periods", label: "For how many periods", kind: "number", optional: true, help: "Empty: for as long as the service runs." },
    { name: "covers_setup", label: "Set-up too", options: yesNo },
    { name: "first_order_only", label: "First order only", options: yesNo },
    { name: "plan", label: "Plan", options: [{ value: "", label: "All plans" }, ...plans], optional: true },
    { name: "cycle", label: "Billing", options: [{ value: "", label: "All terms" }, ...cycleChoices.slice(1)], optional: true },
    { name: "redemptions_max", label: "Uses in all", kind: "number", optional: true },
    { name: "per_account_max", label: "Uses per customer", kind: "number", optional: true },
    { name: "ends_on", label: "Ends before", kind: "date", optional: true },
  ];
}

const count = (text: string | undefined) => (text ? Number(text) : null);

export function CouponDialog({ onClose }: { onClose: () => void }) {
  const choices = useChoices();
  if (!choices.ready) return null;
  const asked = facts(choices);
  const initial = { ...Object.fromEntries(asked.map((fact) => [fact.name, fact.options?.[0]?.value ?? ""])), per_account_max: "1" };
  return (
    <FactsDialog title="New coupon" verb="Make coupon" facts={asked} initial={initial} names={["coupons"]} said="The coupon is made" onClose={onClose} aliases={{ amounts: "percent", ends_at: "ends_on" }}
      save={(values) => {
        const amounts = choices.currencies.filter(({ value }) => values[`off-${value}`]).map(({ value }) => ({ currency: value, minor: minor(values[`off-${value}`] ?? "", value) }));
        const { percent } = values;
        return addCoupon({
          code: values.code ?? "", name: values.name ?? "", kind: percent ? "percentage" : "fixed", percent: percent ? decimal(percent) : null, amounts: percent ? [] : amounts,
          periods: count(values.periods), covers_setup: values.covers_setup === "yes", first_order_only: values.first_order_only === "yes",
          plan_ids: values.plan ? [values.plan] : [], cycles: values.cycle ? [values.cycle as "monthly"] : [],
          redemptions_max: count(values.redemptions_max), per_account_max: count(values.per_account_max), ends_at: values.ends_on ? `${values.ends_on}T00:00:00Z` : null,
        });
      }} />
  );
}
