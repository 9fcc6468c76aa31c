import type { Image, InvoiceRow, Invoice, Location, Member, Money, Order, Payment, Plan, Profile, Server } from "./types";

export type Subject = { kind: string; id: string };
export type Attention = { kind: string; title: string; detail: string; since: string; subject: Subject | null; action: string | null };
export type AdminHome = {
  attention: Attention[];
  figures: {
    revenue_today: Money[]; orders_today: number; servers_ready: number;
    provisioning_p50_seconds: number | null; queue_oldest_seconds: number | null; jobs_dead: number;
  };
  series: {
    revenue: { on: string; amount: Money }[];
    orders: { on: string; count: number }[];
    provisioning_seconds: { on: string; p50: number | null }[];
    queue?: { at: string; oldest_seconds: number | null }[];
  };
};
export type CustomerRow = {
  account_id: string; name: string; email: string; country: string | null; currency: string; balance: Money; servers: number;
  unpaid: Money; created_at: string; state: string;
};
export type Moment = { at: string; kind: string; text: string; actor: string | null; subject: Subject | null };
export type Customer = {
  profile: Profile; members: Member[]; balance: Money; servers: Server[]; invoices: InvoiceRow[]; orders: Order[]; payments: Payment[]; timeline: Moment[];
};
export type WithAccount<T> = T & { account_name: string };
export type Job = {
  id: number; name: string; state: "waiting" | "running" | "done" | "dead" | "cancelled"; args: Record<string, unknown>;
  attempts: number; attempts_max: number | null; queue: string; error: string | null; subject: Subject | null;
  scheduled_at: string | null; created_at: string; started_at: string | null; finished_at: string | null; can: string[];
};
export type Provision = {
  id: string; state: string; attempts: number; steps: { at: string; text: string; error: string | null }[];
};
export type OrderChain = {
  order: Order; customer: CustomerRow; invoice: Invoice | InvoiceRow | null; payments: Payment[];
  provision: Provision | null; server: Server | null; jobs: Job[];
};
export type AuditRow = {
  id: string; at: string; actor: { kind: string; id: string | null; name: string }; verb: string; subject: Subject | null;
  account_id: string | null; ip: string | null; request_id: string | null; detail: unknown;
};
export type SettingValue = string | number | boolean | null | string[];
export type SettingField = { name: string; type: string; secret: boolean; value: SettingValue; set: boolean; help: string; choices?: string[] };
export type SettingSection = { section: string; title: string; fields: SettingField[] };
export type MailRow = {
  id: string; kind: string; to: string; subject: string; state: string; attempts: number; last_error: string | null;
  created_at: string; accepted_at: string | null;
};
export type AdminPlan = Plan & { status?: string; vendor_ref?: string | null; can?: string[] };
export type AdminLocation = Location & { vendor_ref?: string | null; can?: string[] };
export type AdminImage = Image & { status?: string; vendor_ref?: string | null; can?: string[] };
export type Book = { book: string; currency: string; debit: Money; credit: Money; balance: Money };
