import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type { List, OfferRequest, Order, OrderRequest, Quote } from "./types";

const moving: Order["state"][] = ["awaiting_payment", "paid"];

export const ordersQuery = (accountId: string, params: { cursor?: string | null; limit?: number } = {}) =>
  queryOptions({
    queryKey: ["orders", "list", accountId, params],
    queryFn: ({ signal }) => get<List<Order>>("/orders", { account_id: accountId, ...params }, signal),
  });

/** The stream announces each change; the slow poll only covers a stream that is down. */
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ["orders", "one", id],
    queryFn: ({ signal }) => get<Order>(`/orders/${id}`, undefined, signal),
    refetchInterval: ({ state }) => (state.data && moving.includes(state.data.state) ? 10_000 : false),
  });

export const placeOrder = (body: OrderRequest, key: string) => send<Order>("post", "/orders", body, key);
export const cancelOrder = (id: string) => send<Order>("post", `/orders/${id}/cancel`);

/** What this would cost the account: its own prices, its tax, its coupon. */
export const offerQuery = (accountId: string, request: OfferRequest | null) =>
  queryOptions({
    queryKey: ["quotes", accountId, request], enabled: request !== null && accountId !== "", staleTime: 30_000, retry: false,
    queryFn: () => send<Quote>("post", `/accounts/${accountId}/quotes`, request),
  });
