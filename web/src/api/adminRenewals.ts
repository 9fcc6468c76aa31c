/** What staff see and set about billing over time: the run, services, policies, terms. */
import { queryOptions } from "@tanstack/react-query";
import { get, send, type Params } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";
import type { List } from "./types";

export type Act = gen.ActShown;
export type ActDone = gen.ActDone;
export type Sum = gen.Sum;
export type Parked = gen.Parked;
export type RunGate = gen.RunGateShown;
export type RunPreview = gen.RunPreview;
export type Service = gen.ServiceShown;
export type ServiceWhole = gen.ServiceWhole;
export type Renewal = gen.RenewalShown;
export type Policy = gen.Policy;
export type PolicyShown = gen.PolicyShown;
export type Terms = gen.TermsShown;
export type HoldName = gen.HoldWish["hold"];

export const runPreviewQuery = (days: number) =>
  queryOptions({ queryKey: ["admin", "billing-run", "preview", days], queryFn: ({ signal }) => get<RunPreview>("/admin/billing-run/preview", { days }, signal) });
export const runGateQuery = queryOptions({ queryKey: ["admin", "billing-run", "gate"], queryFn: ({ signal }) => get<RunGate>("/admin/billing-run/gate", undefined, signal) });
export const actsQuery = (params: Params) =>
  queryOptions({ queryKey: ["admin", "billing-run", "acts", params], queryFn: ({ signal }) => get<List<ActDone>>("/admin/billing-run/acts", params, signal) });
export const servicesQuery = (params: Params) =>
  queryOptions({ queryKey: ["admin", "services", "list", params], queryFn: ({ signal }) => get<List<Service>>("/admin/services", params, signal) });
export const serviceQuery = (id: string) =>
  queryOptions({ queryKey: ["admin", "services", "one", id], queryFn: ({ signal }) => get<ServiceWhole>(`/admin/services/${id}`, undefined, signal) });
export const policiesQuery = queryOptions({
  queryKey: ["admin", "renewal-policies"], queryFn: ({ signal }) => get<gen.Policies>("/admin/renewal-policies", undefined, signal),
});
export const termsQuery = (accountId: string) =>
  queryOptions({ queryKey: ["admin", "terms", accountId], queryFn: ({ signal }) => get<Terms>(`/admin/accounts/${accountId}/terms`, undefined, signal) });

type Verb = "park" | "unpark" | "terminate" | "undo";

const roots = ["billing-run", "services", "servers", "customers"];
const renew = () => Promise.all(roots.map((root) => queryClient.invalidateQueries({ queryKey: ["admin", root] })));

export const tellService = (id: string, verb: Verb, reason: string) => send<void>("post", `/admin/services/${id}/${verb}`, { reason }).then(renew);
export const holdService = (id: string, verb: "hold" | "release", hold: HoldName, reason: string) =>
  send<void>("post", `/admin/services/${id}/${verb}`, { hold, reason }).then(renew);
export const savePolicy = (id: string | null, body: gen.PolicyWish) =>
  send<gen.Policies>(id ? "put" : "post", id ? `/admin/renewal-policies/${id}` : "/admin/renewal-policies", body);
export const dropPolicy = (id: string) => send<void>("delete", `/admin/renewal-policies/${id}`);
export const followPolicy = (planId: string, policy_id: string | null) => send<void>("put", `/admin/plans/${planId}/renewal-policy`, { policy_id });
export const agreeTerms = (accountId: string, body: gen.TermsWish) => send<Terms>("put", `/admin/accounts/${accountId}/terms`, body);

export const needApproval = (needed: boolean, reason: string) => send<RunGate>("put", "/admin/billing-run/gate", { needed, reason }).then(renew);
export const approveRun = (until: string, reason: string) => send<RunGate>("post", "/admin/billing-run/approvals", { until, reason }).then(renew);
