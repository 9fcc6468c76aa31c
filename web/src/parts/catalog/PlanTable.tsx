import type { ReactNode } from "react";
import type { Cycle, Location, Plan } from "../../api/types";
import { cx } from "../../lib/cx";
import { formatDisk, formatMemory, formatPort, formatTraffic } from "../../lib/format";
import { StateBadge } from "../../ui/Badge";
import { placeNote } from "./Marks";
import { PlanPriceText } from "./Price";
import { cycleWords, planStock, stockLooks } from "./words";

const head = "h-9 border-b border-line px-3 text-left text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4";
const cell = "h-13 border-b border-line px-3 whitespace-nowrap group-last:border-0 first:pl-4 last:pr-4";

type PlanTableProps = { plans: Plan[]; cycles: Cycle[]; locationId?: string | null; action: (plan: Plan) => ReactNode; showStock?: boolean };

/** Plans side by side, made to be compared: one figure a column, right-aligned. */
export function PlanTable({ plans, cycles, locationId, action, showStock }: PlanTableProps) {
  return (
    <div className="relative overflow-x-auto rounded border border-line bg-surface">
      <table aria-label="Plans" className="hidden w-full border-separate border-spacing-0 lg:table">
        <thead>
          <tr>
            <th scope="col" className={head}>Plan</th>
            {["vCPU", "Memory", "Disk", "Traffic", "Port"].map((name) => <th key={name} scope="col" className={cx(head, "text-right")}>{name}</th>)}
            {showStock ? <th scope="col" className={head}>Stock</th> : null}
            {cycles.map((cycle) => <th key={cycle} scope="col" className={cx(head, "text-right")}>{cycleWords[cycle].per.replace(/^./, (first) => first.toUpperCase())}</th>)}
            <th scope="col" className={head}><span className="sr-only">Order</span></th>
          </tr>
        </thead>
        <tbody>
          {plans.map((plan) => {
            const stock = planStock(plan, locationId);
            return (
              <tr key={plan.id} className={cx("group", stock === "sold_out" && "text-ink-3")}>
                <th scope="row" className={cx(cell, "text-left")}>
                  <span className="block">{plan.name}</span>
                  {plan.description ? <span className="block max-w-64 truncate text-sm font-normal text-ink-3">{plan.description}</span> : null}
                </th>
                {[String(plan.vcpu), formatMemory(plan.memory_mib), formatDisk(plan.disk_gib), formatTraffic(plan.traffic_gb), formatPort(plan.port_mbps)].map((text, at) => (
                  <td key={`${plan.id}-${["cpu", "memory", "disk", "traffic", "port"][at]}`} className={cx(cell, "num text-right")}>{text}</td>
                ))}
                {showStock ? <td className={cell}><StateBadge look={stockLooks[stock]} /></td> : null}
                {cycles.map((cycle) => <td key={cycle} className={cx(cell, "text-right")}><PlanPriceText plan={plan} cycle={cycle} bare /></td>)}
                <td className={cx(cell, "text-right")}>{stock !== "sold_out" ? action(plan) : showStock ? null : <span className="text-sm">Sold out</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <ul aria-label="Plans" className="divide-y divide-line lg:hidden">
        {plans.map((plan) => {
          const stock = planStock(plan, locationId);
          return (
            <li key={plan.id} className="px-4 py-3">
              <div className="flex items-baseline justify-between gap-3"><b>{plan.name}</b><PlanPriceText plan={plan} cycle={cycles.includes("monthly") ? "monthly" : (cycles[0] ?? "monthly")} /></div>
              <p className="num mt-0.5 text-sm text-ink-2">{plan.vcpu} vCPU · {formatMemory(plan.memory_mib)} · {formatDisk(plan.disk_gib)} · {formatTraffic(plan.traffic_gb)}</p>
              <div className="mt-2 flex items-center justify-between"><StateBadge look={stockLooks[stock]} />{stock === "sold_out" ? null : action(plan)}</div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Each location with how many of the plans it can still take. */
export function LocationStock({ locations, plans }: { locations: Location[]; plans: Plan[] }) {
  return (
    <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
      {locations.map((place) => {
        const inStock = plans.filter((plan) => planStock(plan, place.id) !== "sold_out").length;
        const stock = place.status === "closed" || inStock === 0 ? "sold_out" : "available";
        const word = place.status === "closed" ? "Closed to new servers" : inStock === plans.length ? "All plans in stock" : inStock === 0 ? "Sold out" : `${inStock} of ${plans.length} plans in stock`;
        return (
          <li key={place.id} className="flex items-center justify-between gap-3 rounded border border-line bg-surface px-4 py-3">
            <span className="min-w-0"><b className="block truncate font-medium">{place.city || place.name}</b><span className="block truncate text-sm text-ink-3">{placeNote(place)}</span></span>
            <StateBadge look={{ ...stockLooks[stock], word }} />
          </li>
        );
      })}
    </ul>
  );
}
