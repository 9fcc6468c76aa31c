import { ServerMetrics } from "../../parts/metrics/ServerMetrics";
import type { TabProps } from "./tabs";

export function MetricsTab({ server }: TabProps) {
  return <ServerMetrics serverId={server.id} name={server.hostname} />;
}
