import { queryOptions } from "@tanstack/react-query";
import { get, send, type Params } from "./client";
import type {
  AdminHome, AdminImage, AdminInvoice, AdminInvoiceRow, AdminLocation, AdminOrder, AdminPayment, AdminPlan, AdminServer, AdminServerWhole, AuditRow,
  Customer, CustomerRow, Found, Job, JobWithFailures, MailRow, Package, PlanChange, PlanWish, Provision, SettingSection, SettingValue,
} from "./adminTypes";
import type { List } from "./types";

function list<T>(name: string, params: Params = {}) {
  return queryOptions({
    queryKey: ["admin", name, "list", params],
    queryFn: ({ signal }) => get<List<T>>(`/admin/${name}`, params, signal),
  });
}

function one<T>(name: string, id: string | number) {
  return queryOptions({
    queryKey: ["admin", name, "one", String(id)],
    queryFn: ({ signal }) => get<T>(`/admin/${name}/${id}`, undefined, signal),
  });
}

export const adminHomeQuery = queryOptions({
  queryKey: ["admin", "home"], refetchInterval: 60_000,
  queryFn: ({ signal }) => get<AdminHome>("/admin/home", undefined, signal),
});

export const customersQuery = (params?: Params) => list<CustomerRow>("customers", params);
export const customerQuery = (id: string) => one<Customer>("customers", id);
export const adminOrdersQuery = (params?: Params) => list<AdminOrder>("orders", params);
export const adminOrderQuery = (id: string) => one<AdminOrder>("orders", id);
export const provisionQuery = (id: string) => one<Provision>("provisions", id);
export const packagesQuery = () => list<Package>("packages");
export const adminInvoicesQuery = (params?: Params) => list<AdminInvoiceRow>("invoices", params);
export const adminInvoiceQuery = (id: string) => one<AdminInvoice>("invoices", id);
export const adminPaymentsQuery = (params?: Params) => list<AdminPayment>("payments", params);
export const adminPaymentQuery = (id: string) => one<AdminPayment>("payments", id);
export const adminServersQuery = (params?: Params) => list<AdminServer>("servers", params);
export const adminServerQuery = (id: string) => one<AdminServerWhole>("servers", id);
export const jobsQuery = (params?: Params) => list<Job>("jobs", params);
export const jobQuery = (id: string) => one<JobWithFailures>("jobs", id);
export const auditQuery = (params?: Params) => list<AuditRow>("audit", params);
export const mailQuery = (params?: Params) => list<MailRow>("mail", params);
export const adminPlansQuery = (params?: Params) => list<AdminPlan>("plans", params);
export const adminLocationsQuery = (params?: Params) => list<AdminLocation>("locations", params);
export const adminImagesQuery = (params?: Params) => list<AdminImage>("images", params);

export const settingsQuery = queryOptions({
  queryKey: ["admin", "settings"],
  queryFn: ({ signal }) => get<{ items: SettingSection[] }>("/admin/settings", undefined, signal),
});

export const searchQuery = (q: string) =>
  queryOptions({ queryKey: ["admin", "search", q], enabled: q.length >= 2, queryFn: ({ signal }) => get<{ items: Found[] }>("/admin/search", { q }, signal) });

export const adminPdfPath = (invoiceId: string) => `/api/v1/admin/invoices/${invoiceId}/pdf`;
export const retryProvision = (id: string) => send<Provision>("post", `/admin/provisions/${id}/retry`);
export const retryJob = (id: number) => send<Job>("post", `/admin/jobs/${id}/retry`);
export const retryMail = (id: string) => send<void>("post", `/admin/mail/${id}/retry`);
export const syncCatalog = () => send<void>("post", "/admin/catalog/sync");
export const saveSettings = (section: string, values: Record<string, SettingValue>) =>
  send<SettingSection>("put", `/admin/settings/${section}`, { values });
export const checkSettings = (section: string) => send<{ ok: boolean; message: string }>("post", `/admin/settings/${section}/check`);
export const suspendUser = (id: string, reason: string) => send<void>("post", `/admin/users/${id}/suspend`, { reason });
export const resumeUser = (id: string) => send<void>("post", `/admin/users/${id}/resume`);
export const editCatalog = (kind: "locations" | "images", id: string, body: object) => send<unknown>("patch", `/admin/${kind}/${id}`, body);
export const editPlan = (id: string, body: PlanChange) => send<AdminPlan>("patch", `/admin/plans/${id}`, body);
export const addPlan = (body: PlanWish) => send<AdminPlan>("post", "/admin/plans", body);
