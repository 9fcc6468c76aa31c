import type { Cycle, Plan } from "../../api/types";
import { ExactPrice, Money } from "../../ui/Money";
import { cycleWords, priceOf } from "./words";

/** A plan's price for one cycle, its period said beside it. */
export function PlanPriceText({ plan, cycle, bare }: { plan: Plan; cycle: Cycle; bare?: boolean }) {
  const price = priceOf(plan, cycle);
  if (!price) return <span className="text-ink-3">not offered</span>;
  return (
    <span className="whitespace-nowrap">
      <span className="font-semibold">{price.price_exact ? <ExactPrice amount={price.price_exact} currency={price.price.currency} /> : <Money value={price.price} />}</span>
      {bare ? null : <span className="text-sm text-ink-3"> {cycleWords[cycle].per}</span>}
    </span>
  );
}
