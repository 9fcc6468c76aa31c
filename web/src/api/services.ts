import { queryOptions } from "@tanstack/react-query";
import type { Paging } from "./billing";
import { get, send } from "./client";
import type { List, Service, ServiceWhole, Upcoming } from "./types";

export const servicesQuery = (accountId: string, params: Paging & { state?: string | null } = {}) =>
  queryOptions({
    queryKey: ["services", "list", accountId, params],
    queryFn: ({ signal }) => get<List<Service>>("/services", { account_id: accountId, ...params }, signal),
  });

export const serviceQuery = (id: string) =>
  queryOptions({ queryKey: ["services", "one", id], queryFn: ({ signal }) => get<ServiceWhole>(`/services/${id}`, undefined, signal) });

export const upcomingQuery = (accountId: string, days: number) =>
  queryOptions({
    queryKey: ["services", "upcoming", accountId, days],
    queryFn: ({ signal }) => get<Upcoming>("/upcoming", { account_id: accountId, days }, signal),
  });

export const endService = (id: string, confirm: string) => send<ServiceWhole>("post", `/services/${id}/end`, { confirm });
export const undoEnd = (id: string) => send<ServiceWhole>("post", `/services/${id}/undo-end`);

export const cancelService = (id: string, atPeriodEnd: boolean) =>
  send<ServiceWhole>("post", `/services/${id}/cancel`, { at_period_end: atPeriodEnd });
