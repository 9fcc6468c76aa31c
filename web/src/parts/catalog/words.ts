import type { Cycle, Plan, PlanPrice, PlanSize, Stock } from "../../api/types";
import { formatDisk, formatMemory, formatPort, formatTraffic } from "../../lib/format";
import type { StateLook } from "../../ui/Badge";

export const cycleWords: Record<Cycle, { name: string; per: string }> = {
  hourly: { name: "Hourly", per: "per hour" },
  monthly: { name: "Monthly", per: "per month" },
  quarterly: { name: "Every 3 months", per: "per 3 months" },
  half_yearly: { name: "Every 6 months", per: "per 6 months" },
  yearly: { name: "Yearly", per: "per year" },
};

export const stockLooks: Record<Stock, StateLook> = {
  available: { word: "In stock", tone: "good" },
  low: { word: "Few left", tone: "warn" },
  sold_out: { word: "Sold out", tone: "neutral" },
};

export function sizeWords(plan: Pick<PlanSize, "vcpu" | "memory_mib" | "disk_gib">): string {
  return `${plan.vcpu} vCPU, ${formatMemory(plan.memory_mib)}, ${formatDisk(plan.disk_gib)}`;
}

export function sizeFacts(plan: PlanSize): [string, string][] {
  return [
    ["vCPU", String(plan.vcpu)], ["Memory", formatMemory(plan.memory_mib)], ["Disk", formatDisk(plan.disk_gib)],
    ["Traffic", formatTraffic(plan.traffic_gb)], ["Port", formatPort(plan.port_mbps)],
  ];
}

export function priceOf(plan: Plan, cycle: Cycle): PlanPrice | undefined {
  return plan.prices.find((price) => price.cycle === cycle);
}

/** A plan is sold out when no location has it, or when the one asked for has not. */
export function planStock(plan: Plan, locationId?: string | null): Stock {
  const places = locationId ? plan.locations.filter((place) => place.location_id === locationId) : plan.locations;
  if (places.some((place) => place.stock === "available")) return "available";
  return places.some((place) => place.stock === "low") ? "low" : "sold_out";
}
