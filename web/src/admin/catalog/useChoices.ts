import { useQuery } from "@tanstack/react-query";
import { adminPlansQuery } from "../../api/admin";
import { brandQuery } from "../../api/catalog";
import { cycleWords } from "../../parts/catalog/words";

export const cycleChoices = Object.entries(cycleWords).map(([value, words]) => ({ value, label: words.name }));

/** The plans and currencies to choose among. */
export function useChoices() {
  const plans = useQuery(adminPlansQuery()).data?.items ?? [];
  const currencies = useQuery(brandQuery).data?.currencies ?? [];
  return {
    ready: plans.length > 0 && currencies.length > 0, all: plans,
    plans: plans.map((plan) => ({ value: plan.id, label: plan.name })),
    currencies: currencies.map((each) => ({ value: each, label: each })),
  };
}
