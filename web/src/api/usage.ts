/** Hours of servers that are billed by the hour, for customers and staff. */
import { queryOptions } from "@tanstack/react-query";
import { get } from "./client";
import type * as gen from "./gen/skypanel";
import type { Side } from "./planChanges";

export type ServiceUsage = gen.ServiceUsage;
export type UsageMonth = gen.UsageMonthShown;
const REFRESH_MS = 60_000;

export const usageQuery = (side: Side, serviceId: string) =>
  queryOptions({
    queryKey: [...(side === "admin" ? ["admin", "services"] : ["services"]), "usage", serviceId],
    queryFn: ({ signal }) => get<ServiceUsage>(`${side === "admin" ? "/admin" : ""}/services/${serviceId}/usage`, undefined, signal),
    refetchInterval: REFRESH_MS,
  });
