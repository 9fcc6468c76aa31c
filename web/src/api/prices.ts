/** What staff set about money in the catalog: add-ons, coupons, price changes, own prices, tax. */
import { queryOptions } from "@tanstack/react-query";
import { get, send, type Params } from "./client";
import type * as gen from "./gen/skypanel";
import type { List } from "./types";

export type AdminAddon = gen.StaffAddon;
export type Coupon = gen.CouponShown;
export type Redemption = gen.RedemptionShown;
export type PriceChange = gen.PriceChangeShown;
export type PricePreview = gen.PricePreview;
export type OwnPrice = gen.OverrideShown;
export type TaxRule = gen.TaxRuleShown;

const listOf = <T>(name: string, params: Params = {}) =>
  queryOptions({ queryKey: ["admin", name, "list", params], queryFn: ({ signal }) => get<List<T>>(`/admin/${name}`, params, signal) });

export const adminAddonsQuery = () => listOf<AdminAddon>("addons");
export const couponsQuery = (params?: Params) => listOf<Coupon>("coupons", params);
export const couponQuery = (id: string) =>
  queryOptions({ queryKey: ["admin", "coupons", "one", id], queryFn: ({ signal }) => get<Coupon>(`/admin/coupons/${id}`, undefined, signal) });
export const redemptionsQuery = (id: string, params: Params) =>
  queryOptions({ queryKey: ["admin", "coupons", "redemptions", id, params], queryFn: ({ signal }) => get<List<Redemption>>(`/admin/coupons/${id}/redemptions`, params, signal) });
export const priceChangesQuery = (params?: Params) => listOf<PriceChange>("price-changes", params);
export const ownPricesQuery = (params?: Params) => listOf<OwnPrice>("price-overrides", params);
export const taxRulesQuery = (params?: Params) => listOf<TaxRule>("tax-rules", params);
export const taxRatesQuery = queryOptions({
  queryKey: ["admin", "tax-rates"], queryFn: ({ signal }) => get<gen.BuiltinRates>("/admin/tax-rates", undefined, signal),
});

export const addAddon = (body: gen.AddonWish) => send<AdminAddon>("post", "/admin/addons", body);
export const editAddon = (id: string, body: gen.AddonChange) => send<AdminAddon>("patch", `/admin/addons/${id}`, body);
export const addCoupon = (body: gen.CouponWish) => send<Coupon>("post", "/admin/coupons", body);
export const editCoupon = (id: string, body: gen.CouponChange) => send<Coupon>("patch", `/admin/coupons/${id}`, body);
export const previewChange = (body: gen.PriceChangeWish) => send<PricePreview>("post", "/admin/price-changes/preview", body);
export const announceChange = (body: gen.PriceChangeWish) => send<PriceChange>("post", "/admin/price-changes", body);
export const cancelChange = (id: string) => send<PriceChange>("post", `/admin/price-changes/${id}/cancel`);
export const setOwnPrice = (body: gen.OverrideWish) => send<OwnPrice>("post", "/admin/price-overrides", body);
export const endOwnPrice = (id: string, ends_on: string) => send<OwnPrice>("post", `/admin/price-overrides/${id}/end`, { ends_on });
export const setTaxRule = (body: gen.TaxRuleWish) => send<TaxRule>("post", "/admin/tax-rules", body);
export const endTaxRule = (id: string, ends_on: string) => send<TaxRule>("post", `/admin/tax-rules/${id}/end`, { ends_on });

export const taxProofsQuery = (accountId: string) =>
  queryOptions({ queryKey: ["admin", "tax-proofs", accountId], queryFn: ({ signal }) => get<List<gen.CheckShown>>(`/admin/accounts/${accountId}/tax-number-checks`, undefined, signal) });
export const askTaxNumber = (accountId: string) => send<void>("post", `/admin/accounts/${accountId}/tax-number-checks`);
