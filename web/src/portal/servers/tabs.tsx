import { type ComponentType, lazy } from "react";
import type { Server } from "../../api/types";
import { BillingTab } from "./BillingTab";
import { HistoryTab } from "./HistoryTab";
import { OverviewTab } from "./OverviewTab";

export type TabProps = { server: Server };
type ServerTab = { id: string; label: string; Content: ComponentType<TabProps> };

/** A tab that is fetched when it is opened, so that the page itself stays small. */
function fetched<Name extends string>(load: () => Promise<Record<Name, ComponentType<TabProps>>>, name: Name): ComponentType<TabProps> {
  return lazy(() => load().then((module): { default: ComponentType<TabProps> } => ({ default: module[name] })));
}

/** What there is to a server, in the order in which people need it. */
export const serverTabs: ServerTab[] = [
  { id: "overview", label: "Overview", Content: OverviewTab },
  { id: "console", label: "Console", Content: fetched(() => import("./ConsoleTab"), "ConsoleTab") },
  { id: "metrics", label: "Metrics", Content: fetched(() => import("./MetricsTab"), "MetricsTab") },
  { id: "network", label: "Network", Content: fetched(() => import("./NetworkTab"), "NetworkTab") },
  { id: "storage", label: "Storage & backups", Content: fetched(() => import("./StorageTab"), "StorageTab") },
  { id: "rebuild", label: "Rebuild", Content: fetched(() => import("./RebuildTab"), "RebuildTab") },
  { id: "history", label: "History", Content: HistoryTab },
  { id: "billing", label: "Billing", Content: BillingTab },
];
