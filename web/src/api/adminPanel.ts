/** The panel itself as staff see it: whether it answers, and the host's machines. */
import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";

export type PanelStanding = gen.PanelStanding;
export type Hypervisors = gen.Hypervisors;
export type HypervisorGroup = gen.HypervisorGroup;
export type Host = gen.Host;
export type CapacityForecast = gen.CapacityForecast;

export const panelQuery = queryOptions({ queryKey: ["admin", "health", "panel"], queryFn: ({ signal }) => get<PanelStanding>("/admin/panel", undefined, signal) });
export const hypervisorsQuery = queryOptions({ queryKey: ["admin", "hypervisors"], queryFn: ({ signal }) => get<Hypervisors>("/admin/hypervisors", undefined, signal) });
export const readHypervisors = () => send<void>("post", "/admin/hypervisors/read");

export type PanelProbe = gen.PanelProbe;
export const probePanel = (wish: gen.PanelTry) => send<PanelProbe>("post", "/admin/settings/virtfusion/probe", wish);
