import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";
import type { List } from "./types";

export type Metrics = gen.Metrics;
export type MetricsRange = Metrics["range"];
export type ServerLoad = gen.ServerLoad;
export type Traffic = gen.Traffic;
export type TrafficPeriod = Traffic["periods"][number];
export type BlockPurchase = Traffic["purchases"][number];
export type AlertRules = gen.AlertRules;
export type AlertRule = AlertRules["rules"][number];
export type Alert = gen.AlertShown;

/** Staff ask the same of any server, at doors of their own. */
const door = (staff: boolean) => (staff ? "/admin" : "");
const keyed = (staff: boolean, ...key: unknown[]) => (staff ? ["admin", ...key] : key);

/** A sample tells the stream; the poll covers a stream that is down. */
export const metricsQuery = (serverId: string, range: MetricsRange, staff: boolean) =>
  queryOptions({
    queryKey: keyed(staff, "metrics", serverId, range),
    queryFn: ({ signal }) => get<Metrics>(`${door(staff)}/servers/${serverId}/metrics`, { range }, signal),
    refetchInterval: 60_000,
  });

/** Says every minute, while the page is seen, that somebody looks: the server is then sampled each half minute. */
export const watchQuery = (serverId: string, staff: boolean) =>
  queryOptions({
    queryKey: keyed(staff, "watch", serverId),
    queryFn: async () => {
      // Said again anyway and harmless when repeated, so that no key is kept for it.
      const { ok } = await fetch(`/api/v1${door(staff)}/servers/${serverId}/watch`, { method: "PUT" });
      return ok;
    },
    refetchInterval: 60_000,
    retry: false,
  });

export const trafficQuery = (serverId: string, staff: boolean) =>
  queryOptions({
    queryKey: keyed(staff, "traffic", serverId),
    queryFn: ({ signal }) => get<Traffic>(`${door(staff)}/servers/${serverId}/traffic`, undefined, signal),
  });

export const alertRulesQuery = (serverId: string, staff: boolean) =>
  queryOptions({
    queryKey: keyed(staff, "alerts", "rules", serverId),
    queryFn: ({ signal }) => get<AlertRules>(`${door(staff)}/servers/${serverId}/alert-rules`, undefined, signal),
  });

export const serverAlertsQuery = (serverId: string, staff: boolean) =>
  queryOptions({
    queryKey: keyed(staff, "alerts", "server", serverId),
    queryFn: ({ signal }) => get<List<Alert>>(`${door(staff)}/servers/${serverId}/alerts`, { limit: 20 }, signal),
  });

export const raisedAlertsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ["alerts", "raised", accountId],
    queryFn: ({ signal }) => get<List<Alert>>("/alerts", { account_id: accountId, state: "raised", limit: 20 }, signal),
  });

export const loadsQuery = (serverIds: string[], staff: boolean) =>
  queryOptions({
    queryKey: keyed(staff, "loads", serverIds),
    enabled: serverIds.length > 0,
    refetchInterval: 60_000,
    queryFn: ({ signal }) =>
      get<List<ServerLoad>>(`${door(staff)}/server-loads?${new URLSearchParams(serverIds.map((id) => ["server_id", id])).toString()}`, undefined, signal),
  });

export const buyBlock = (serverId: string, quotedMinor: number) => send<Traffic>("post", `/servers/${serverId}/traffic-blocks`, { quoted_minor: quotedMinor });

type RuleWish = Pick<AlertRule, "kind" | "threshold" | "minutes" | "enabled" | "own">;
export const saveAlertRules = (serverId: string, rules: RuleWish[]) => send<AlertRules>("put", `/servers/${serverId}/alert-rules`, { rules });

export type AlertDefaults = gen.AlertDefaults;
export const alertDefaultsQuery = (accountId: string) =>
  queryOptions({ queryKey: ["alerts", "defaults", accountId], queryFn: ({ signal }) => get<AlertDefaults>("/alert-defaults", { account_id: accountId }, signal) });
export const saveAlertDefaults = (accountId: string, rules: AlertDefaults["rules"]) => send<AlertDefaults>("put", "/alert-defaults", { account_id: accountId, rules });
