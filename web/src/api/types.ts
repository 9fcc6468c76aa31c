export type Money = { minor: number; currency: string };
export type List<T> = { items: T[]; next: string | null };

export type Brand = {
  name: string; tagline: string; accent: string; support_email: string;
  status_url: string | null; terms_url: string | null;
  currencies: string[]; default_currency: string; sandbox: boolean;
  paypal: { client_id: string; sdk_url: string | null; environment: string } | null;
};

export type Location = { id: string; slug: string; name: string; city: string; country: string; status: "open" | "closed" };
export type Cycle = "hourly" | "monthly" | "quarterly" | "half_yearly" | "yearly";
export type PlanPrice = { cycle: Cycle; price: Money; setup: Money; price_exact?: string | null };
export type Stock = "available" | "low" | "sold_out";
export type PlanSize = { id: string; name: string; vcpu: number; memory_mib: number; disk_gib: number; traffic_gb: number; port_mbps: number };
export type Plan = PlanSize & {
  slug: string; description: string; prices: PlanPrice[];
  locations: { location_id: string; stock: Stock; available: number | null }[];
};
export type Image = {
  id: string; family: string; name: string; version: string; icon: string; default_user: string;
  min_memory_mib: number; min_disk_gib: number; eol_on: string | null;
};
export type QuoteRequest = { plan_id: string; location_id: string; cycle: Cycle; currency?: string };
export type Quote = {
  currency: string; cycle: Cycle; lines: { description: string; amount: Money }[];
  net: Money; tax: Money; total: Money; per_month: Money; per_hour_exact: string; next_invoice_on: string; stock: Stock;
};

export type Role = "owner" | "admin" | "billing" | "technical" | "read_only";
export type Membership = { id: string; name: string; role: Role; currency: string; permissions: string[] };
export type Me = {
  id: string; email: string; name: string; language: string; time_zone: string; email_verified: boolean; session_id: string;
  accounts: Membership[]; staff: { role: string; permissions: string[] } | null;
};
export type Session = {
  id: string; kind: "browser" | "token"; ip: string; user_agent: string; created_at: string; last_seen_at: string; current: boolean;
};
export type Profile = {
  id: string; name: string; company: string | null; line1: string | null; line2: string | null; postal_code: string | null;
  city: string | null; state: string | null; country: string | null; tax_number: string | null;
  currency: string; time_zone: string; language: string; can: string[];
};
export type Member = { user_id: string; name: string; email: string; role: Role; joined_at: string; can: string[] };
export type Invitation = { id: string; email: string; role: Role; expires_at: string };

export type OrderState = "awaiting_payment" | "paid" | "active" | "failed" | "cancelled" | "expired";
export type OrderStep = {
  step: "ordered" | "paid" | "allocating" | "installing" | "ready";
  state: "done" | "current" | "waiting" | "failed"; at: string | null; message: string | null;
};
export type Order = {
  id: string; number: string; account_id: string; state: OrderState; hostname: string; plan: PlanSize;
  location: { id: string; name: string; city: string; country: string };
  image: { id: string; name: string; icon: string; default_user: string };
  cycle: Cycle; total: Money; per_month: Money; invoice_id: string; invoice_state: InvoiceState;
  service_id: string | null; server_id: string | null; created_at: string; expires_at: string | null; paid_at: string | null;
  timeline: OrderStep[]; can: string[];
};
export type OrderRequest = {
  account_id: string; plan_id: string; location_id: string; image_id: string; cycle: Cycle; hostname: string; label?: string;
  ssh_key_ids?: string[]; new_ssh_key?: { name: string; public_key: string }; password_login: boolean;
};

export type InvoiceState = "draft" | "open" | "paid" | "void" | "uncollectible";
export type InvoiceRow = {
  id: string; account_id: string; number: string; kind: "proforma" | "tax" | "receipt" | "credit_note"; state: InvoiceState;
  issued_on: string; due_on: string | null; paid_at: string | null; net: Money; tax: Money; total: Money; open: Money;
};
export type InvoiceLine = {
  id: string; description: string; detail: string | null; quantity: number | string; unit_price: Money; net: Money;
  tax_rate: string; tax: Money; period_start: string | null; period_end: string | null;
};
export type Party = {
  name: string; company?: string | null; line1: string | null; line2?: string | null; postal_code: string | null; city: string | null;
  state?: string | null; country: string | null; tax_number: string | null; registration?: string | null; bank?: string | null; email?: string | null;
};
export type Invoice = InvoiceRow & {
  lines: InvoiceLine[]; buyer: Party; seller: Party; payments: Payment[]; order_id: string | null;
  proforma_number: string | null; pdf_ready: boolean; can: string[];
};
export type PaymentState =
  | "creating" | "awaiting_approval" | "capturing" | "pending" | "settled" | "declined" | "failed" | "expired" | "cancelled";
export type Payment = {
  id: string; account_id: string; invoice_id: string; gateway: "paypal" | "wallet"; state: PaymentState; amount: Money;
  approve_url: string | null; gateway_ref: string | null; capture_ref: string | null; message: string | null;
  created_at: string; settled_at: string | null; can: string[];
};
export type Verification = { payment: Payment; invoice: { id: string; state: InvoiceState; number: string } };
export type Transaction = {
  id: string; at: string; kind: string; description: string; amount: Money; balance_after: Money | null;
  invoice_id: string | null; payment_id: string | null;
};

export type ServerState = "allocating" | "installing" | "ready" | "failed" | "deleting" | "deleted";
export type PowerKind = "start" | "restart" | "shutdown" | "poweroff";
export type Task = {
  id: string; server_id: string; kind: string; state: "queued" | "running" | "done" | "failed"; progress: number | null;
  actor: { kind: "user" | "staff" | "system"; name: string }; created_at: string; started_at: string | null; finished_at: string | null; error: string | null;
};
export type Server = {
  id: string; account_id: string; service_id: string; order_id: string | null; hostname: string; label: string | null;
  state: ServerState; state_since: string; power: "running" | "stopped" | "unknown"; power_checked_at: string | null;
  ipv4: string | null; ipv6: string | null; plan: PlanSize; location: Order["location"]; image: Order["image"];
  created_at: string; ready_at: string | null; renews_on: string | null; price: Money; cycle: Cycle;
  active_task: Task | null; password_available: boolean; can: string[];
};
export type SshKey = { id: string; name: string; fingerprint: string; public_key: string; created_at: string };
