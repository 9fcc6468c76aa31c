import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { startPayment, walletQuery } from "../../api/billing";
import { brandQuery } from "../../api/catalog";
import { queryClient } from "../../api/query";
import type { Invoice, InvoiceRow } from "../../api/types";
import { isApiError } from "../../lib/errors";
import { formatMoney } from "../../lib/format";
import { buttonClass } from "../../ui/Button";
import { Button } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { type ButtonState, PayPalButton, PayPalLink } from "./PayPalButton";

function WalletButton({ invoice, onFailure }: { invoice: InvoiceRow; onFailure: (error: unknown) => void }) {
  const balance = useQuery(walletQuery(invoice.account_id)).data?.balance;
  const [sending, setSending] = useState(false);
  if (!balance || balance.minor <= 0) return null;
  const enough = balance.currency === invoice.open.currency && balance.minor >= invoice.open.minor;
  const pay = async () => {
    setSending(true);
    try {
      await startPayment(invoice.id, "wallet");
      await queryClient.invalidateQueries();
    } catch (error) {
      onFailure(error);
    } finally {
      setSending(false);
    }
  };
  return (
    <div>
      <Button size="large" className="w-full" busy={sending} disabled={!enough || sending} onClick={() => void pay()}>Pay from balance</Button>
      <p className="mt-1 text-sm text-ink-3">{enough ? `Leaves ${formatMoney({ ...balance, minor: balance.minor - invoice.open.minor })} of ${formatMoney(balance)}.` : `Your balance of ${formatMoney(balance)} is not enough.`}</p>
    </div>
  );
}

/** Every way to pay one invoice. */
export function PayPanel({ invoice }: { invoice: Invoice }) {
  const brand = useQuery(brandQuery).data;
  const [failure, setFailure] = useState<string | null>(null);
  const [button, setButton] = useState<ButtonState>("loading");
  const fail = useCallback((error: unknown) => setFailure(isApiError(error) ? error.message : "PayPal's window reported a fault. Nothing was taken; try again, or pay on PayPal's page."), []);
  const waiting = invoice.payments.find((payment) => payment.gateway === "paypal" && payment.state === "awaiting_approval" && payment.approve_url);
  const underway = invoice.payments.find((payment) => payment.state === "capturing" || payment.state === "pending");
  return (
    <div className="space-y-3">
      <p className="flex items-baseline justify-between gap-3"><span className="text-ink-2">To pay</span><Money value={invoice.open} className="text-xl font-semibold" /></p>
      {failure ? <Notice tone="bad" role="alert">{failure}</Notice> : null}
      {underway ? (
        <Notice tone="info" role="status" title="A payment is on its way">PayPal has it and has not confirmed it yet. We keep asking; do not pay again.</Notice>
      ) : (
        <>
          {brand?.paypal ? <PayPalButton paypal={brand.paypal} invoiceId={invoice.id} currency={invoice.open.currency} onFailure={fail} state={button} onState={setButton} /> : null}
          {waiting?.approve_url ? <a className={buttonClass(button === "absent" ? "primary" : "plain", "large", "w-full")} href={waiting.approve_url}>Go on at PayPal</a>
            : brand?.paypal ? <PayPalLink invoiceId={invoice.id} alone={button === "absent"} onFailure={fail} /> : null}
          <WalletButton invoice={invoice} onFailure={fail} />
        </>
      )}
    </div>
  );
}
