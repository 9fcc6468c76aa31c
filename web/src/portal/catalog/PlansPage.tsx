import { useQuery } from "@tanstack/react-query";
import { brandQuery, locationsQuery, plansQuery } from "../../api/catalog";
import type { Cycle, Plan } from "../../api/types";
import { useUrl } from "../../lib/url";
import { LocationStock, PlanTable } from "../../parts/catalog/PlanTable";
import { cycleWords, planStock, priceOf } from "../../parts/catalog/words";
import { Button, LinkButton } from "../../ui/Button";
import { Checkbox, Segments, Select } from "../../ui/controls";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";

const sizes = [1, 2, 4, 8, 16, 32];
/** Hours are shown for comparison; ordered are whole periods. */
const allCycles: Cycle[] = (Object.keys(cycleWords) as Cycle[]).filter((cycle) => cycle !== "hourly");

function fits(plan: Plan, location: string | null, memory: number, inStock: boolean): boolean {
  return plan.memory_mib >= memory * 1024
    && (!location || plan.locations.some((place) => place.location_id === location))
    && (!inStock || planStock(plan, location) !== "sold_out");
}

export function PlansPage() {
  const [params, change] = useUrl();
  const brand = useQuery(brandQuery).data;
  const currency = params.get("currency") ?? brand?.default_currency;
  const plans = useQuery(plansQuery(currency));
  const locations = useQuery(locationsQuery).data?.items ?? [];
  const location = params.get("location");
  const memory = Number(params.get("memory") ?? 0);
  const inStock = params.get("stock") === "1";
  const offered = allCycles.filter((cycle) => plans.data?.items.some((plan) => priceOf(plan, cycle)));
  const asked = params.get("cycle") as Cycle | null;
  const cycle = asked && offered.includes(asked) ? asked : offered.includes("monthly") ? "monthly" : (offered[0] ?? "monthly");
  const items = (plans.data?.items ?? []).filter((plan) => fits(plan, location, memory, inStock));
  const clear = () => change({ location: null, memory: null, stock: null });
  return (
    <Page title="Plans and prices">
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2" role="group" aria-label="Filters">
        <Select aria-label="Location" className="w-full sm:w-52" value={location ?? ""} onChange={(event) => change({ location: event.target.value })}>
          <option value="">All locations</option>
          {locations.map((place) => <option key={place.id} value={place.id}>{place.city || place.name}, {place.country}</option>)}
        </Select>
        <Select aria-label="Least memory" className="w-[calc(50%-0.375rem)] sm:w-44" value={memory || ""} onChange={(event) => change({ memory: event.target.value })}>
          <option value="">Any memory</option>
          {sizes.map((size) => <option key={size} value={size}>{size} GiB or more</option>)}
        </Select>
        <Checkbox label="In stock only" checked={inStock} onChange={(event) => change({ stock: event.target.checked ? "1" : null })} />
        <span className="flex flex-wrap gap-2 sm:ml-auto">
          {offered.length > 1 ? <Select aria-label="Billing" className="w-44" value={cycle} onChange={(event) => change({ cycle: event.target.value })}>
            {offered.map((each) => <option key={each} value={each}>{cycleWords[each].name}</option>)}
          </Select> : null}
          {brand && brand.currencies.length > 1 ? (
            <Segments label="Currency" value={currency ?? ""} options={brand.currencies.map((code) => ({ value: code, label: code }))} onChange={(code) => change({ currency: code })} />
          ) : null}
        </span>
      </div>
      {plans.error && !plans.data ? <ErrorState error={plans.error} retry={plans.refetch} />
        : plans.isPending ? <Skeleton className="h-96 w-full" />
        : items.length === 0 ? <div className="rounded border border-line bg-surface"><EmptyState title="No plan fits" action={<Button onClick={clear}>Show all plans</Button>}>Choose less memory or another location.</EmptyState></div>
        : <PlanTable plans={items} cycles={["hourly", cycle]} locationId={location} showStock
            action={(plan) => (
              <LinkButton href={`/order?plan=${plan.id}&cycle=${cycle}${location ? `&location=${location}` : ""}`}><span>Order<span className="sr-only"> {plan.name}</span></span></LinkButton>
            )} />}
      <p className="mt-3 text-sm text-ink-3">Prices are net. Tax depends on where you are and is shown before you order.</p>
      <h2 className="mt-9 mb-3 text-lg">Locations</h2>
      <LocationStock locations={locations} plans={plans.data?.items ?? []} />
    </Page>
  );
}
