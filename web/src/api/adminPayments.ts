import { queryOptions } from "@tanstack/react-query";
import { get, send, type Params } from "./client";
import type * as gen from "./gen/skypanel";
import type { List } from "./types";

export type StaffPayment = gen.StaffPayment;
export type Refund = gen.RefundShown;
export type RefundPreview = gen.RefundPreview;
export type Dispute = gen.DisputeShown;
export type DisputeWhole = gen.DisputeWhole;
export type Unmatched = gen.UnmatchedTransactionShown;
export type StaffCredit = gen.CreditShown;

export const refundsQuery = (paymentId: string) =>
  queryOptions({ queryKey: ["admin", "payments", "refunds", paymentId], queryFn: ({ signal }) => get<List<Refund>>(`/admin/payments/${paymentId}/refunds`, undefined, signal) });

export const refundPreviewQuery = (paymentId: string, amountMinor: number | null, destination: string) =>
  queryOptions({
    queryKey: ["admin", "payments", "preview", paymentId, amountMinor, destination], enabled: amountMinor !== null && amountMinor > 0,
    queryFn: ({ signal }) => get<RefundPreview>(`/admin/payments/${paymentId}/refund-preview`, { amount_minor: amountMinor, destination }, signal),
  });

export const disputesQuery = (params?: Params) =>
  queryOptions({ queryKey: ["admin", "disputes", "list", params], queryFn: ({ signal }) => get<List<Dispute>>("/admin/disputes", params, signal) });

export const disputeQuery = (id: string) =>
  queryOptions({ queryKey: ["admin", "disputes", "one", id], queryFn: ({ signal }) => get<DisputeWhole>(`/admin/disputes/${id}`, undefined, signal) });

export const unmatchedQuery = (params?: Params) =>
  queryOptions({ queryKey: ["admin", "unmatched", "list", params], queryFn: ({ signal }) => get<List<Unmatched>>("/admin/unmatched-transactions", params, signal) });

export const staffCreditsQuery = (accountId: string) =>
  queryOptions({ queryKey: ["admin", "credits", accountId], queryFn: ({ signal }) => get<List<StaffCredit>>(`/admin/accounts/${accountId}/credits`, undefined, signal) });

export const giveCredit = (accountId: string, grant: gen.CreditGrant) => send<List<StaffCredit>>("post", `/admin/accounts/${accountId}/credits`, grant);
export const refundPayment = (paymentId: string, wish: gen.PaymentRefundWish) => send<List<Refund>>("post", `/admin/payments/${paymentId}/refunds`, wish);
export const confirmTransfer = (paymentId: string, seen: gen.TransferReceived) => send<StaffPayment>("post", `/admin/payments/${paymentId}/confirm-transfer`, seen);
export const rejectTransfer = (paymentId: string, reason: string) => send<StaffPayment>("post", `/admin/payments/${paymentId}/reject-transfer`, { reason });
export const noteDispute = (id: string, text: string) => send<DisputeWhole>("post", `/admin/disputes/${id}/notes`, { text });
export const dismissUnmatched = (id: string, reason: string) => send<List<Unmatched>>("post", `/admin/unmatched-transactions/${id}/dismiss`, { reason });
