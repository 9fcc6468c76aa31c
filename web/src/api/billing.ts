import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type { Invoice, InvoiceRow, List, Money, Payment, Transaction, Verification } from "./types";

export type Paging = { cursor?: string | null; limit?: number };

export const invoicesQuery = (accountId: string, params: Paging & { state?: string | null } = {}) =>
  queryOptions({
    queryKey: ["invoices", "list", accountId, params],
    queryFn: ({ signal }) => get<List<InvoiceRow>>("/invoices", { account_id: accountId, ...params }, signal),
  });

export const invoiceQuery = (id: string) =>
  queryOptions({ queryKey: ["invoices", "one", id], queryFn: ({ signal }) => get<Invoice>(`/invoices/${id}`, undefined, signal) });

export const walletQuery = (accountId: string) =>
  queryOptions({
    queryKey: ["wallet", accountId],
    queryFn: ({ signal }) => get<{ balance: Money }>("/wallet", { account_id: accountId }, signal),
  });

/** Newest first; the hours of a day are one row, unless `hours` asks for each. */
export const transactionsQuery = (accountId: string, { hours, ...params }: Paging & { hours?: string | null } = {}) =>
  queryOptions({
    queryKey: ["transactions", accountId, hours, params],
    queryFn: ({ signal }) => get<List<Transaction>>("/transactions", { account_id: accountId, folded: hours !== "each", ...params }, signal),
  });

export const hoursOfDayQuery = (accountId: string, serviceId: string, on: string) =>
  queryOptions({
    queryKey: ["transactions", accountId, "day", serviceId, on],
    queryFn: ({ signal }) => get<List<Transaction>>("/transactions/hours", { account_id: accountId, service_id: serviceId, on, limit: 100 }, signal),
  });

const resting: Payment["state"][] = ["settled", "declined", "failed", "expired", "cancelled", "awaiting_approval", "awaiting_transfer"];

export const paymentQuery = (id: string) =>
  queryOptions({
    queryKey: ["payments", "one", id],
    queryFn: ({ signal }) => get<Payment>(`/payments/${id}`, undefined, signal),
    refetchInterval: ({ state }) => (state.data && resting.includes(state.data.state) ? false : 1500),
  });

export const verifyPayment = (id: string) => send<Verification>("post", `/payments/${id}/verify`);
export const pdfPath = (invoiceId: string) => `/api/v1/invoices/${invoiceId}/pdf`;
