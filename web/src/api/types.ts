/** The API's types under the names that the client uses; where the document only says "string" the words are narrowed here. */
import type * as gen from "./gen/skypanel";

export type List<T> = { items: T[]; next: string | null };
export type Money = gen.Money;

export type Brand = gen.Brand;
export type Location = gen.LocationShown;
export type PlanPrice = gen.PriceShown;
export type Cycle = gen.QuoteWish["cycle"];
export type Stock = gen.PlaceShown["stock"];
export type Plan = gen.PlanShown;
export type PlanSize = gen.PlanOrdered;
export type Image = gen.ImageShown;
export type Addon = gen.AddonShown;
export type QuoteRequest = gen.QuoteWish;
export type OfferRequest = gen.OfferWish;
export type Quote = gen.Quote;

export type Me = gen.Me;
export type Membership = gen.MembershipView;
export type Role = Membership["role"];
export type Session = gen.SessionView;
export type Profile = gen.ProfileView;
export type ProfileEdit = gen.EditProfile;
export type Member = gen.MemberView;
export type Invitation = gen.InvitationView;
export type Registration = gen.Registration;

export type OrderState = gen.OrderShown["state"];
export type OrderStep = gen.TimelineStep;
export type Order = Omit<gen.OrderShown, "cycle" | "invoice_state"> & { cycle: Cycle; invoice_state: InvoiceState | null };
export type OrderRequest = gen.OrderWish;

export type InvoiceRow = gen.InvoiceRow;
export type InvoiceState = InvoiceRow["state"];
export type InvoiceLine = gen.InvoiceLineShown;
/** Buyer and seller as frozen on the invoice. */
export type Party = {
  name?: string | null; company?: string | null; line1?: string | null; line2?: string | null; postal_code?: string | null; city?: string | null;
  state?: string | null; country?: string | null; tax_number?: string | null; registration?: string | null; bank?: string | null; email?: string | null;
};
export type Invoice = Omit<gen.InvoiceWithPayments, "buyer" | "seller"> & { buyer: Party; seller: Party };
export type Payment = gen.PaymentShown;
export type PaymentState = Payment["state"];
export type Verification = gen.Verification;
export type Transaction = gen.Transaction;
export type Statement = gen.Statement;
export type TopUpBounds = gen.TopUpBounds;

export type Task = gen.Task;
export type PowerKind = gen.TaskWish["kind"];
export type ServerState = gen.ServerShown["state"];
export type Server = Omit<gen.ServerShown, "cycle"> & { cycle: Cycle };
export type SshKey = gen.KeyShown;
export type Reinstall = gen.Reinstall;
export type ConsoleTicket = gen.ConsoleTicket;
export type Consoles = gen.Consoles;
export type ServerChange = gen.ServerChange;
export type Deed = gen.Deed;

export type Service = Omit<gen.ServiceShown, "cycle"> & { cycle: Cycle };
export type ServiceWhole = Omit<gen.ServiceWhole, "cycle"> & { cycle: Cycle };
export type RunAct = gen.ActShown;
export type Upcoming = gen.Upcoming;
