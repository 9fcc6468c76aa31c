/** What was found wrong, by the checks of our tables and by the comparison with the panel. */
import { queryOptions } from "@tanstack/react-query";
import { get, send, type Params } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";
import type { List } from "./types";

export type Health = gen.HealthShown;
export type Check = gen.LawShown;
export type Finding = gen.FindingShown;
export type RepairVerb = gen.RepairWish["verb"];

export const healthQuery = queryOptions({ queryKey: ["admin", "health"], queryFn: ({ signal }) => get<Health>("/admin/health", undefined, signal) });
export const reconciliationQuery = queryOptions({ queryKey: ["admin", "reconciliation"], queryFn: ({ signal }) => get<Health>("/admin/reconciliation", undefined, signal) });
export const findingsQuery = (params: Params) =>
  queryOptions({ queryKey: ["admin", "findings", params], queryFn: ({ signal }) => get<List<Finding>>("/admin/findings", params, signal) });

const roots = ["health", "findings", "reconciliation"];
const renew = () => Promise.all(roots.map((root) => queryClient.invalidateQueries({ queryKey: ["admin", root] })));

export const checkHealth = () => send<void>("post", "/admin/health/check");
export const acknowledge = (id: string, reason: string) => send<Finding>("post", `/admin/findings/${id}/acknowledge`, { reason }).then(renew);

export const comparePanel = () => send<void>("post", "/admin/reconciliation/check");
export const repair = (id: string, verb: RepairVerb, reason: string, confirm = "") => send<Finding>("post", `/admin/findings/${id}/repair`, { verb, reason, confirm }).then(renew);
