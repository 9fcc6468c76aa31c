import { paymentQuery, startPayment } from "../../api/billing";
import { queryClient } from "../../api/query";
import type { Brand, Payment } from "../../api/types";
import { ApiError } from "../../lib/errors";

type Buttons = { render: (into: HTMLElement) => Promise<void>; close?: () => Promise<void>; isEligible?: () => boolean };
export type PayPalSdk = {
  Buttons: (options: {
    style?: Record<string, string | number | boolean>;
    createOrder: () => Promise<string>; onApprove: () => Promise<void> | void; onCancel?: () => void; onError?: (error: unknown) => void;
  }) => Buttons;
};

declare global {
  interface Window {
    paypal?: PayPalSdk;
  }
}

const loads = new Map<string, Promise<PayPalSdk>>();

function sdkAddress(paypal: NonNullable<Brand["paypal"]>, currency: string): string | null {
  if (!paypal.sdk_url) return null;
  const address = new URL(paypal.sdk_url, location.origin);
  if (!address.searchParams.has("client-id")) address.searchParams.set("client-id", paypal.client_id);
  if (!address.searchParams.has("currency")) address.searchParams.set("currency", currency);
  if (!address.searchParams.has("intent")) address.searchParams.set("intent", "capture");
  return address.toString();
}

/** Fetches PayPal's own button code; when it cannot be had, the link to PayPal remains. */
export function loadPayPal(paypal: NonNullable<Brand["paypal"]>, currency: string): Promise<PayPalSdk> {
  const address = sdkAddress(paypal, currency);
  if (!address) return Promise.reject(new Error("no PayPal SDK is set"));
  const known = loads.get(address);
  if (known) return known;
  const load = new Promise<PayPalSdk>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = true;
    script.addEventListener("load", () => (window.paypal ? resolve(window.paypal) : reject(new Error("PayPal's script brought no buttons"))));
    script.addEventListener("error", () => {
      loads.delete(address);
      reject(new Error("PayPal's script could not be loaded"));
    });
    document.head.append(script);
  });
  loads.set(address, load);
  return load;
}

/** Starts a PayPal payment and waits until PayPal has given its order, at most 40 seconds. */
export async function openPayPalPayment(invoiceId: string): Promise<Payment> {
  let payment = await startPayment(invoiceId, "paypal");
  const until = Date.now() + 40_000;
  while (payment.state === "creating" && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 600));
    payment = await queryClient.fetchQuery({ ...paymentQuery(payment.id), staleTime: 0 });
  }
  void queryClient.invalidateQueries({ queryKey: ["invoices"] });
  if (payment.state === "awaiting_approval") return payment;
  throw new ApiError({
    status: 0, code: "payment_not_opened",
    message: payment.message ?? "PayPal has not answered yet. Nothing was taken; try again in a minute.",
  });
}
