/** Servers that the panel has and nobody here knows: adopted one by one, or imported many at once. */
import { queryOptions } from "@tanstack/react-query";
import { get, send, type Params } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";
import type { List } from "./types";

export type AdoptionChoices = gen.AdoptionChoices;
export type Import = gen.ImportShown;
export type ImportRow = gen.ImportRowShown;
export type Term = ImportRow["cycle"];

export const panelServerQuery = (ref: number) => queryOptions({ queryKey: ["admin", "panel-server", ref], queryFn: ({ signal }) => get<AdoptionChoices>(`/admin/panel-servers/${ref}`, undefined, signal) });
export const adopt = (ref: number, wish: gen.AdoptionAsk) => send<gen.Adopted>("post", `/admin/panel-servers/${ref}/adoption`, wish);

const renew = () => queryClient.invalidateQueries({ queryKey: ["admin", "imports"] });
export const beginImport = () => send<Import>("post", "/admin/imports");
export const resumeImport = (id: string) => send<Import>("post", `/admin/imports/${id}/resume`).then(renew);
export const runImport = (id: string, wish: gen.ImportRun) => send<Import>("post", `/admin/imports/${id}/rows`, wish).then(renew);

export const importsQuery = (params: Params) => queryOptions({ queryKey: ["admin", "imports", "list", params], queryFn: ({ signal }) => get<List<Import>>("/admin/imports", params, signal) });
export const importQuery = (id: string) => queryOptions({ queryKey: ["admin", "imports", "one", id], queryFn: ({ signal }) => get<Import>(`/admin/imports/${id}`, undefined, signal) });
export const importRowsQuery = (id: string, params: Params) => queryOptions({ queryKey: ["admin", "imports", "rows", id, params], queryFn: ({ signal }) => get<List<ImportRow>>(`/admin/imports/${id}/rows`, params, signal) });

export const refundOrder = (id: string, wish: gen.RefundAndClose) => send<gen.ProvisionWhole>("post", `/admin/orders/${id}/refund`, wish);
