import type { Cycle, Image, Plan } from "../../api/types";
import { formatDisk, formatMemory, formatTraffic } from "../../lib/format";
import { PlanPriceText } from "../../parts/catalog/Price";
import { cycleWords, planStock, priceOf, stockLooks } from "../../parts/catalog/words";
import { StateBadge } from "../../ui/Badge";
import { Choice } from "../../ui/Choice";
import { Select } from "../../ui/controls";
import { Step } from "./Step";

/** Whole periods first: hours are the exception. */
const allCycles: Cycle[] = [...(Object.keys(cycleWords) as Cycle[]).filter((cycle) => cycle !== "hourly"), "hourly"];

/** Why a plan cannot be taken with the choices made so far. */
export function planObstacle(plan: Plan, location: string, image: Image | undefined, cycle: Cycle): string | null {
  if (location && planStock(plan, location) === "sold_out") return "Sold out here";
  if (image && (plan.memory_mib < image.min_memory_mib || plan.disk_gib < image.min_disk_gib)) return `Too small for ${image.name}`;
  if (!priceOf(plan, cycle)) return `Not sold ${cycleWords[cycle].name.toLowerCase()}`;
  return null;
}

export function PlanStep({ plans, location, image, value, cycle, onPlan, onCycle, error }: {
  plans: Plan[]; location: string; image: Image | undefined; value: string; cycle: Cycle;
  onPlan: (id: string) => void; onCycle: (cycle: Cycle) => void; error: string | undefined;
}) {
  const cycles = allCycles.filter((each) => plans.some((plan) => priceOf(plan, each)));
  return (
    <Step id="plan" title="Plan" error={error} aside={cycles.length > 1 ? (
      <Select aria-label="Billing" value={cycle} onChange={(event) => onCycle(event.target.value as Cycle)} className="w-44">
        {cycles.map((each) => <option key={each} value={each}>{cycleWords[each].name}</option>)}
      </Select>
    ) : null}>
      <div role="radiogroup" aria-labelledby="plan-title" className="grid gap-2">
        {plans.map((plan) => {
          const obstacle = planObstacle(plan, location, image, cycle);
          const stock = planStock(plan, location || null);
          return (
            <Choice key={plan.id} name="plan" value={plan.id} checked={value === plan.id} disabled={obstacle !== null} onChange={onPlan}>
              <span className="grid min-w-0 flex-1 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 sm:grid-cols-[7.5rem_1fr_auto]">
                <span className="truncate font-medium">{plan.name}</span>
                <span className="num order-3 col-span-2 text-sm text-ink-2 sm:order-none sm:col-span-1">
                  {plan.vcpu} vCPU · {formatMemory(plan.memory_mib)} · {formatDisk(plan.disk_gib)} · {formatTraffic(plan.traffic_gb)}
                </span>
                <span className="flex items-center justify-end gap-3 text-right">
                  {obstacle ? <span className="text-sm">{obstacle}</span> : <>{stock === "low" ? <StateBadge look={stockLooks.low} /> : null}<PlanPriceText plan={plan} cycle={cycle} /></>}
                </span>
              </span>
            </Choice>
          );
        })}
      </div>
    </Step>
  );
}
