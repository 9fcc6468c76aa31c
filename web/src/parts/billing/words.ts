import type { InvoiceRow, InvoiceState, Payment, PaymentState } from "../../api/types";
import { today } from "../../lib/format";
import type { StateLook } from "../../ui/Badge";

export const invoiceLooks: Record<InvoiceState, StateLook> = {
  draft: { word: "Draft", tone: "neutral" },
  open: { word: "Unpaid", tone: "warn" },
  paid: { word: "Paid", tone: "good" },
  void: { word: "Void", tone: "neutral" },
  uncollectible: { word: "Written off", tone: "bad" },
  issued: { word: "Issued", tone: "neutral" },
};

/** An unpaid invoice past its due date says so. */
export function invoiceLook(invoice: Pick<InvoiceRow, "state" | "due_on">): StateLook {
  const overdue = invoice.state === "open" && invoice.due_on !== null && invoice.due_on < today();
  return overdue ? { word: "Overdue", tone: "bad" } : invoiceLooks[invoice.state];
}

export const invoiceKinds: Record<InvoiceRow["kind"], string> = {
  proforma: "Proforma", tax: "Invoice", receipt: "Receipt", credit_note: "Credit note",
};

export const paymentLooks: Record<PaymentState, StateLook> = {
  creating: { word: "Preparing", tone: "info", moving: true },
  awaiting_approval: { word: "Waiting for approval", tone: "warn" },
  awaiting_transfer: { word: "Waiting for your transfer", tone: "warn" },
  capturing: { word: "Taking the payment", tone: "info", moving: true },
  pending: { word: "Pending at PayPal", tone: "info", moving: true },
  settled: { word: "Paid", tone: "good" },
  declined: { word: "Declined", tone: "bad" },
  failed: { word: "Failed", tone: "bad" },
  expired: { word: "Expired", tone: "neutral" },
  cancelled: { word: "Cancelled", tone: "neutral" },
};

export const gatewayWords: Record<Payment["gateway"], string> = { paypal: "PayPal", bank: "Bank transfer", wallet: "Account balance" };

export const transactionWords: Record<string, string> = {
  payment: "Payment", paypal: "PayPal", wallet: "Account balance", refund: "Refund", invoice: "Invoice", credit: "Credit", top_up: "Top-up", adjustment: "Correction",
};
