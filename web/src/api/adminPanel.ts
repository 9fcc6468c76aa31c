/** The panel itself as staff see it: whether it answers, and the host's machines. */
import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";

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

export type NewPanelHook = gen.NewPanelHook;
export const panelHooksQuery = queryOptions({ queryKey: ["admin", "hooks"], queryFn: ({ signal }) => get<gen.PanelHooks>("/admin/panel/hooks", undefined, signal) });
const renewHooks = <T,>(done: T) => queryClient.invalidateQueries({ queryKey: ["admin", "hooks"] }).then(() => done);
export const makeHook = () => send<NewPanelHook>("post", "/admin/panel/hooks").then(renewHooks);
export const endHook = () => send<void>("delete", "/admin/panel/hooks").then(renewHooks);
