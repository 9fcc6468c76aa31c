import type { Addon, Cycle } from "../../api/types";
import { cycleWords } from "../../parts/catalog/words";
import { Select } from "../../ui/controls";
import { ExactPrice, Money } from "../../ui/Money";
import type { Draft } from "./draft";
import { Step } from "./Step";

/** The add-ons that are sold with a plan for a term. */
export function soldAddons(addons: Addon[], plan: string, cycle: Cycle): Addon[] {
  return addons.filter((each) => (each.plan_ids.length === 0 || each.plan_ids.includes(plan)) && each.prices.some((price) => price.cycle === cycle));
}

export function AddonsStep({ addons, cycle, draft, change, error }: {
  addons: Addon[]; cycle: Cycle; draft: Draft; change: (part: Partial<Draft>) => void; error: string | undefined;
}) {
  if (addons.length === 0) return null;
  return (
    <Step id="addons" title="Add-ons" error={error}>
      <ul className="divide-y divide-line rounded border border-line bg-surface">
        {addons.map((addon) => {
          const price = addon.prices.find((each) => each.cycle === cycle);
          return (
            <li key={addon.id} className="grid grid-cols-[1fr_auto_5rem] items-center gap-4 px-4 py-2.5">
              <span className="min-w-0"><span className="block font-medium">{addon.name}</span>{addon.description ? <span className="block text-sm text-ink-3">{addon.description}</span> : null}</span>
              {price ? <span className="text-right text-sm text-ink-2">{price.price_exact ? <ExactPrice amount={price.price_exact} currency={price.price.currency} /> : <Money value={price.price} />} {cycleWords[cycle].per}</span> : null}
              <Select aria-label={`How many: ${addon.name}`} value={String(draft.addons[addon.id] ?? 0)} onChange={(event) => change({ addons: { ...draft.addons, [addon.id]: Number(event.target.value) } })}>
                {Array.from({ length: Math.min(addon.quantity_max, 50) + 1 }, (_, count) => <option key={count} value={count}>{count === 0 ? "None" : count}</option>)}
              </Select>
            </li>
          );
        })}
      </ul>
    </Step>
  );
}
