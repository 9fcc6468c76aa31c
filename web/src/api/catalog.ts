import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type { Addon, Brand, Image, List, Location, Plan, Quote, QuoteRequest } from "./types";

export const brandQuery = queryOptions({
  queryKey: ["brand"], staleTime: 300_000, queryFn: ({ signal }) => get<Brand>("/brand", undefined, signal),
});

export const locationsQuery = queryOptions({
  queryKey: ["locations"], staleTime: 60_000, queryFn: ({ signal }) => get<List<Location>>("/locations", undefined, signal),
});

export const plansQuery = (currency?: string) =>
  queryOptions({
    queryKey: ["plans", currency ?? null], staleTime: 60_000,
    queryFn: ({ signal }) => get<List<Plan>>("/plans", { currency, limit: 100 }, signal),
  });

export const imagesQuery = queryOptions({
  queryKey: ["images"], staleTime: 300_000, queryFn: ({ signal }) => get<List<Image>>("/images", { limit: 100 }, signal),
});

export const quoteQuery = (request: QuoteRequest | null) =>
  queryOptions({
    queryKey: ["quotes", request], enabled: request !== null, staleTime: 30_000,
    queryFn: () => send<Quote>("post", "/quotes", request),
  });

export const addonsQuery = (currency?: string) =>
  queryOptions({ queryKey: ["addons", currency ?? null], staleTime: 60_000, queryFn: ({ signal }) => get<List<Addon>>("/addons", { currency }, signal) });
