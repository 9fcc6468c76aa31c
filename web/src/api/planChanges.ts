/** Changes of plan: what there is to choose, what it costs, and what was asked; for customers and staff. */
import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";

export type PlanChoices = gen.PlanChoices;
export type PlanChoice = gen.PlanChoice;
export type PlanChange = gen.PlanChangeShown;
export type PlanChangeQuote = gen.PlanChangeQuote;
export type Timing = gen.PlanChangeWish["timing"];
/** A billing term; what is billed by the hour has none. */
export type Period = gen.PlanChangeQuote["cycle"];
/** Whose doors are asked. */
export type Side = "portal" | "admin";

const root = (side: Side) => (side === "admin" ? "/admin" : "");
const key = (side: Side, ...rest: unknown[]) => (side === "admin" ? ["admin", "services", "plans", ...rest] : ["services", "plans", ...rest]);

export const planChoicesQuery = (side: Side, serviceId: string, cycle?: Period) =>
  queryOptions({
    queryKey: key(side, serviceId, ...(cycle ? ["in", cycle] : [])),
    queryFn: ({ signal }) => get<PlanChoices>(`${root(side)}/services/${serviceId}/plan-changes`, cycle && cycle !== "hourly" ? { cycle } : undefined, signal),
  });

export const planChangeQuoteQuery = (side: Side, serviceId: string, planId: string, timing: Timing, cycle: Period) =>
  queryOptions({
    queryKey: key(side, serviceId, "quote", planId, timing, cycle), enabled: planId !== "",
    queryFn: ({ signal }) => get<PlanChangeQuote>(`${root(side)}/services/${serviceId}/plan-changes/quote`, { plan_id: planId, timing, ...(cycle === "hourly" ? {} : { cycle }) }, signal),
  });

const roots = ["services", "servers", "invoices", "wallet", "billing-run"];
async function renewed<T>(answer: T): Promise<T> {
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => roots.includes(String(queryKey[queryKey[0] === "admin" ? 1 : 0])) });
  return answer;
}

export const askPlanChange = (side: Side, serviceId: string, wish: gen.PlanChangeWish & { reason?: string }) =>
  send<PlanChange>("post", `${root(side)}/services/${serviceId}/plan-changes`, wish).then(renewed);
export const cancelPlanChange = (side: Side, id: string, reason: string) =>
  send<PlanChange>("post", `${root(side)}/plan-changes/${id}/cancel`, side === "admin" ? { reason } : undefined).then(renewed);
export const retryPlanChange = (id: string, reason: string) => send<PlanChange>("post", `/admin/plan-changes/${id}/retry`, { reason }).then(renewed);
