/** The staff's types under the names that the console uses. */
import type * as gen from "./gen/skypanel";
import type { Cycle, Invoice, InvoiceRow, InvoiceState, Order, Payment, Server } from "./types";

export type Subject = gen.Subject;
export type Attention = gen.Attention;
export type AdminHome = gen.Home;
export type CustomerRow = gen.CustomerRow;
export type CustomerMember = gen.CustomerMember;
export type Moment = gen.Moment;
export type Customer = Omit<gen.Customer, "profile" | "servers" | "invoices" | "orders" | "payments"> & {
  profile: Partial<Record<"company" | "line1" | "line2" | "postal_code" | "city" | "state" | "country" | "tax_number" | "time_zone" | "language", string | null>>;
  servers: Server[]; invoices: InvoiceRow[]; orders: Order[]; payments: Payment[];
};
export type AdminOrder = Omit<gen.StaffOrder, "cycle" | "invoice_state"> & { cycle: Cycle; invoice_state: InvoiceState | null };
export type AdminInvoiceRow = gen.StaffInvoiceRow;
export type AdminInvoice = Omit<gen.StaffInvoice, "buyer" | "seller"> & Pick<Invoice, "buyer" | "seller">;
export type AdminPayment = gen.StaffPayment;
export type AdminServer = Omit<gen.StaffServer, "cycle"> & { cycle: Cycle };
export type AdminServerWhole = Omit<gen.StaffServerWhole, "cycle"> & { cycle: Cycle };
export type Provision = gen.ProvisionWhole;
export type Found = gen.Found;
export type Job = gen.Job;
export type JobWithFailures = gen.JobWithFailures;
export type AuditRow = gen.AuditView;
export type SettingValue = string | number | boolean | null | string[];
export type SettingField = Omit<gen.SettingField, "value"> & { value: SettingValue };
export type SettingSection = Omit<gen.SettingSection, "fields"> & { fields: SettingField[] };
export type MailRow = gen.Mail;
export type AdminPlan = gen.StaffPlan;
export type AdminPrice = gen.StaffPrice;
export type PlanChange = gen.PlanChange;
export type PlanWish = gen.PlanWish;
export type Package = gen.PackageShown;
export type AdminLocation = gen.StaffLocation;
export type AdminImage = gen.StaffImage;
export type Book = gen.BookBalance;
