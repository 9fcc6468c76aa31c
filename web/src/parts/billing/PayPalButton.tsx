import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Brand } from "../../api/types";
import { Button } from "../../ui/Button";
import { loadPayPal, openPayPalPayment } from "./paypal";

type Props = { paypal: NonNullable<Brand["paypal"]>; invoiceId: string; currency: string; onFailure: (error: unknown) => void };

/** PayPal's own button where its script loads. */
export function PayPalButton({ paypal, invoiceId, currency, onFailure }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [, navigate] = useLocation();
  const [shown, setShown] = useState(false);
  // PayPal draws into an element of ours, outside React.
  useEffect(() => {
    let gone = false;
    let paymentId = "";
    let close: (() => unknown) | undefined;
    loadPayPal(paypal, currency).then(async (sdk) => {
      if (gone || !box.current) return;
      const buttons = sdk.Buttons({
        style: { layout: "horizontal", height: 40, tagline: false },
        createOrder: async () => {
          const payment = await openPayPalPayment(invoiceId);
          paymentId = payment.id;
          return payment.gateway_ref ?? "";
        },
        onApprove: () => navigate(`/payments/${paymentId}/return`),
        onError: onFailure,
      });
      close = buttons.close?.bind(buttons);
      if (buttons.isEligible?.() === false) return;
      await buttons.render(box.current);
      if (!gone) setShown(true);
    }).catch(() => setShown(false));
    return () => {
      gone = true;
      void close?.();
    };
  }, [paypal, invoiceId, currency, navigate, onFailure]);
  return <div ref={box} data-testid="paypal-button" className={shown ? "min-h-10 [color-scheme:light]" : "hidden"} />;
}

/** The way that always works: PayPal's own page, and back. */
export function PayPalLink({ invoiceId, onFailure }: { invoiceId: string; onFailure: (error: unknown) => void }) {
  const [opening, setOpening] = useState(false);
  const go = async () => {
    setOpening(true);
    try {
      const payment = await openPayPalPayment(invoiceId);
      if (payment.approve_url) location.assign(payment.approve_url);
      else throw new Error("no approve_url");
    } catch (error) {
      setOpening(false);
      onFailure(error);
    }
  };
  return <Button look="primary" size="large" className="w-full" busy={opening} onClick={() => void go()}>{opening ? "Opening PayPal…" : "Pay with PayPal"}</Button>;
}
