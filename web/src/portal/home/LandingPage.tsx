import { useQuery } from "@tanstack/react-query";
import { brandQuery, locationsQuery, plansQuery } from "../../api/catalog";
import type { Plan } from "../../api/types";
import { useTitle } from "../../lib/title";
import { PlanTable, LocationStock } from "../../parts/catalog/PlanTable";
import { priceOf } from "../../parts/catalog/words";
import { LinkButton } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";

function cheapest(plans: Plan[]) {
  const prices = plans.flatMap((plan) => priceOf(plan, "monthly")?.price ?? []);
  return prices.toSorted((a, b) => a.minor - b.minor)[0];
}

function OrderLink({ plan }: { plan: Plan }) {
  return <LinkButton href={`/order?plan=${plan.id}`}><span>Order<span className="sr-only"> {plan.name}</span></span></LinkButton>;
}

export function LandingPage() {
  const brand = useQuery(brandQuery).data;
  const plans = useQuery(plansQuery());
  const locations = useQuery(locationsQuery);
  const items = plans.data?.items ?? [];
  const from = cheapest(items);
  useTitle(brand?.tagline ?? "Servers");
  return (
    <div className="mx-auto max-w-[1344px] px-4 pb-16 md:px-8">
      <section className="flex flex-wrap items-end justify-between gap-6 pt-12 pb-9">
        <div className="max-w-[640px]">
          <h1 className="min-h-9 text-2xl">{brand?.tagline ?? <Skeleton className="h-8 w-80" />}</h1>
          <p className="mt-3 text-lg text-balance text-ink-2">
            Virtual servers with root access, built within minutes of payment.
            {from ? <> From <b className="text-ink"><Money value={from} /></b> per month.</> : null}
          </p>
        </div>
        <div className="flex gap-2">
          <LinkButton href="/order" look="primary" size="large">Order a server</LinkButton>
          <LinkButton href="/plans" size="large">Compare plans</LinkButton>
        </div>
      </section>
      <section aria-labelledby="plans">
        <h2 id="plans" className="mb-3 text-lg">Plans</h2>
        {plans.error && !plans.data ? <ErrorState error={plans.error} retry={plans.refetch} />
          : plans.isPending ? <Skeleton className="h-80 w-full" />
          : items.length === 0 ? <EmptyState title="No plan is on sale right now">Come back soon, or ask us by e-mail.</EmptyState>
          : <PlanTable plans={items} cycles={["hourly", "monthly"]} action={(plan) => <OrderLink plan={plan} />} />}
      </section>
      <section aria-labelledby="locations" className="mt-10">
        <h2 id="locations" className="mb-3 text-lg">Locations</h2>
        {locations.data ? <LocationStock locations={locations.data.items} plans={items} /> : <Skeleton className="h-32 w-full" />}
      </section>
      {brand?.status_url ? <p className="mt-8 text-ink-2">How the network is doing right now: <a href={brand.status_url} className="text-accent-text underline underline-offset-2">status page</a>.</p> : null}
    </div>
  );
}
