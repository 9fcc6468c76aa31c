import type { Alert, AlertRule, MetricsRange } from "../../api/metrics";
import { formatNumber } from "../../lib/format";
import type { StateLook } from "../../ui/Badge";

export const ranges: { value: MetricsRange; label: string }[] = [
  { value: "1h", label: "1 h" }, { value: "24h", label: "24 h" }, { value: "7d", label: "7 d" }, { value: "30d", label: "30 d" }, { value: "12m", label: "12 m" },
];

export const kindWords: Record<AlertRule["kind"], { name: string; help: string }> = {
  cpu: { name: "Processor", help: "Share of all its processors" },
  memory: { name: "Memory", help: "Share of its memory, as the guest tells it" },
  filesystem: { name: "Disk space", help: "The fullest file system, where the guest tells it" },
  traffic: { name: "Traffic", help: "Share of the period's traffic, blocks included" },
  down: { name: "Server down", help: "It does not run although nobody switched it off here" },
};

export const alertLooks: Record<Alert["state"], StateLook> = {
  raised: { word: "Raised", tone: "bad", moving: true },
  cleared: { word: "Over", tone: "neutral" },
};

export function alertSays(alert: Alert): string {
  if (alert.kind === "down") return "Does not run";
  const lasting = alert.minutes > 0 ? ` for ${alert.minutes} min` : "";
  return `${kindWords[alert.kind].name} at ${formatNumber(alert.value)} % (threshold ${alert.threshold} %${lasting})`;
}

const endings: Record<NonNullable<Alert["reason"]>, string> = {
  recovered: "it went back", rule_changed: "the threshold was changed", not_watched: "the server is no longer sampled",
};

export const endSays = (alert: Alert): string | null => (alert.reason ? endings[alert.reason] : null);
