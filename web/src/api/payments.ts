import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";
import type { List, Payment } from "./types";

export type WaysToPay = gen.WaysToPay;
export type WalletStanding = gen.WalletStanding;
export type TransferInstructions = gen.TransferInstructions;
export type SavedMethod = gen.SavedMethodShown;
export type Credit = gen.CreditShown;
export type AutoTopUp = gen.AutoTopUpAnswer;
export type AutoTopUpWish = gen.AutoTopUpWish;
export type Subscription = gen.SubscriptionShown;

export const waysToPayQuery = (invoiceId: string) =>
  queryOptions({ queryKey: ["invoices", "ways", invoiceId], queryFn: ({ signal }) => get<WaysToPay>(`/invoices/${invoiceId}/ways-to-pay`, undefined, signal) });

export const transferQuery = (paymentId: string) =>
  queryOptions({ queryKey: ["payments", "transfer", paymentId], queryFn: ({ signal }) => get<TransferInstructions>(`/payments/${paymentId}/transfer`, undefined, signal) });

export const savedMethodsQuery = (accountId: string) =>
  queryOptions({ queryKey: ["saved-methods", accountId], queryFn: ({ signal }) => get<List<SavedMethod>>("/saved-methods", { account_id: accountId }, signal) });

export const standingQuery = (accountId: string) =>
  queryOptions({ queryKey: ["wallet", "standing", accountId], queryFn: ({ signal }) => get<WalletStanding>("/wallet/standing", { account_id: accountId }, signal) });

export const creditsQuery = (accountId: string) =>
  queryOptions({ queryKey: ["wallet", "credits", accountId], queryFn: ({ signal }) => get<List<Credit>>("/credits", { account_id: accountId }, signal) });

export const autoTopUpQuery = (accountId: string) =>
  queryOptions({ queryKey: ["wallet", "auto-top-up", accountId], queryFn: ({ signal }) => get<AutoTopUp>("/auto-top-up", { account_id: accountId }, signal) });

export const subscriptionsQuery = (accountId: string) =>
  queryOptions({ queryKey: ["subscriptions", accountId], queryFn: ({ signal }) => get<List<Subscription>>("/subscriptions", { account_id: accountId }, signal) });

export const payInvoice = (wish: gen.PaymentWish) => send<Payment>("post", "/payments", wish);
export const cancelPayment = (id: string) => send<Payment>("post", `/payments/${id}/cancel`);
export const preferMethod = (id: string) => send<List<SavedMethod>>("post", `/saved-methods/${id}/prefer`);
export const removeMethod = (id: string) => send<List<SavedMethod>>("delete", `/saved-methods/${id}`);
export const setAutoTopUp = (wish: AutoTopUpWish) => send<AutoTopUp>("put", "/auto-top-up", wish);
export const changeSubscription = (id: string, verb: string) => send<Subscription>("post", `/subscriptions/${id}/${verb}`);
