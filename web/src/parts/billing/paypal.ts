import { paymentQuery } from "../../api/billing";
import { payInvoice } from "../../api/payments";
import { queryClient } from "../../api/query";
import type { Brand, Payment } from "../../api/types";
import { ApiError } from "../../lib/errors";

type Outcome = { onApprove: () => unknown; onCancel?: () => unknown; onError?: (error: unknown) => unknown };
export type PayPalSession = { start: (options: { presentationMode: "auto" }, order: Promise<{ orderId: string }>) => Promise<unknown>; destroy?: () => void };
export type PayPalInstance = {
  findEligibleMethods: (options: { currencyCode: string }) => Promise<{ isEligible: (method: string) => boolean }>;
  createPayPalOneTimePaymentSession: (outcome: Outcome) => PayPalSession;
};

declare global {
  interface Window {
    paypal?: { createInstance: (options: { clientId: string; components: string[]; pageType?: string }) => Promise<PayPalInstance> };
  }
}

type PayPalSettings = NonNullable<Brand["paypal"]>;

const loads = new Map<string, Promise<PayPalInstance>>();

function fetchScript(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = true;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("PayPal's script could not be loaded")));
    document.head.append(script);
  });
}

async function start(paypal: PayPalSettings): Promise<PayPalInstance> {
  await fetchScript(paypal.sdk_url);
  if (!window.paypal) throw new Error("PayPal's script brought nothing");
  return window.paypal.createInstance({ clientId: paypal.client_id, components: ["paypal-payments"], pageType: "checkout" });
}

/** PayPal's JavaScript SDK (v6), fetched once; when it cannot be had, the link to PayPal's page remains. */
export function loadPayPal(paypal: PayPalSettings): Promise<PayPalInstance> {
  const known = loads.get(paypal.sdk_url);
  if (known) return known;
  const load = start(paypal);
  loads.set(paypal.sdk_url, load);
  load.catch(() => loads.delete(paypal.sdk_url));
  return load;
}

export type PayPalWish = { use_wallet: boolean; save_method: boolean };

/** Starts a PayPal payment and waits until PayPal has given its order, at most 40 seconds. */
export async function openPayPalPayment(invoiceId: string, wish: PayPalWish): Promise<Payment> {
  let payment = await payInvoice({ invoice_id: invoiceId, gateway: "paypal", ...wish });
  const until = Date.now() + 40_000;
  while (payment.state === "creating" && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    payment = await queryClient.fetchQuery({ ...paymentQuery(payment.id), staleTime: 0 });
  }
  void queryClient.invalidateQueries({ queryKey: ["invoices"] });
  if (payment.state === "awaiting_approval") return payment;
  throw new ApiError({
    status: 0, code: "payment_not_opened",
    message: payment.message ?? "PayPal has not answered yet. Nothing was taken; try again in a minute.",
  });
}
