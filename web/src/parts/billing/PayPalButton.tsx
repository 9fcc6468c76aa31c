import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { queryClient } from "../../api/query";
import type { Brand } from "../../api/types";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Skeleton";
import { loadPayPal, openPayPalPayment, type PayPalWish } from "./paypal";

type Props = { paypal: NonNullable<Brand["paypal"]>; invoiceId: string; currency: string; wish: PayPalWish; onFailure: (error: unknown) => void; state: ButtonState; onState: (state: ButtonState) => void };

/** Whether PayPal's own button stands on the page: its script may be blocked, or the currency not be taken. */
export type ButtonState = "loading" | "shown" | "absent";

/** PayPal's own button where its script loads; it pays in PayPal's window without leaving the page. */
export function PayPalButton({ paypal, invoiceId, currency, wish, onFailure, state, onState }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [, navigate] = useLocation();
  const chosen = useRef(wish);
  // PayPal's button is drawn once; what was ticked since is read when it is pressed.
  useEffect(() => {
    chosen.current = wish;
  }, [wish]);
  // PayPal's button is an element of theirs that lives outside React.
  useEffect(() => {
    let gone = false;
    let paymentId = "";
    let button: HTMLElement | null = null;
    const draw = async () => {
      const sdk = await loadPayPal(paypal);
      const methods = await sdk.findEligibleMethods({ currencyCode: currency });
      if (gone || !box.current) return;
      if (!methods.isEligible("paypal")) return onState("absent");
      const session = sdk.createPayPalOneTimePaymentSession({
        onApprove: () => navigate(`/payments/${paymentId}/return`),
        onCancel: () => queryClient.invalidateQueries({ queryKey: ["invoices"] }),
        onError: onFailure,
      });
      button = document.createElement("paypal-button");
      button.addEventListener("click", () => {
        const order = openPayPalPayment(invoiceId, chosen.current).then((payment) => {
          paymentId = payment.id;
          return { orderId: payment.gateway_ref ?? "" };
        });
        session.start({ presentationMode: "auto" }, order).catch(onFailure);
      });
      box.current.replaceChildren(button);
      onState("shown");
    };
    draw().catch(() => onState("absent"));
    return () => {
      gone = true;
      button?.remove();
    };
  }, [paypal, invoiceId, currency, navigate, onFailure, onState]);
  return (
    <div className={state === "absent" ? "hidden" : "h-11"}>
      {state === "loading" ? <Skeleton className="h-11 w-full" /> : null}
      <div ref={box} data-testid="paypal-button" />
    </div>
  );
}

/** The way that always works: PayPal's own page, and back. */
export function PayPalLink({ invoiceId, wish, alone, onFailure }: { invoiceId: string; wish: PayPalWish; alone: boolean; onFailure: (error: unknown) => void }) {
  const [opening, setOpening] = useState(false);
  const go = async () => {
    setOpening(true);
    try {
      const payment = await openPayPalPayment(invoiceId, wish);
      if (payment.approve_url) location.assign(payment.approve_url);
      else throw new Error("no approve_url");
    } catch (error) {
      setOpening(false);
      onFailure(error);
    }
  };
  return <Button look={alone ? "primary" : "plain"} size="large" className="w-full" busy={opening} onClick={() => void go()}>{opening ? "Opening PayPal…" : "Pay on PayPal's page"}</Button>;
}
