import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { brandQuery } from "../../api/catalog";
import { cancelPayment, payInvoice, waysToPayQuery, type WaysToPay } from "../../api/payments";
import { queryClient } from "../../api/query";
import type { Invoice, Payment } from "../../api/types";
import { isApiError } from "../../lib/errors";
import { formatMoney } from "../../lib/format";
import { Button, buttonClass } from "../../ui/Button";
import { Checkbox } from "../../ui/controls";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { type ButtonState, PayPalButton, PayPalLink } from "./PayPalButton";
import { TransferInstructions } from "./TransferInstructions";

type Fail = (error: unknown) => void;

function Act({ label, act, onFailure, look }: { label: string; act: () => Promise<unknown>; onFailure: Fail; look?: "quiet" }) {
  const [sending, setSending] = useState(false);
  const go = async () => {
    setSending(true);
    try {
      await act();
      await queryClient.invalidateQueries();
    } catch (error) {
      onFailure(error);
    } finally {
      setSending(false);
    }
  };
  return <Button size="large" look={look ?? "plain"} className="w-full" busy={sending} onClick={() => void go()}>{label}</Button>;
}

function Wallet({ ways, invoice, onFailure }: { ways: WaysToPay; invoice: Invoice; onFailure: Fail }) {
  const wallet = ways.wallet;
  if (!wallet || wallet.spendable.minor <= 0) return null;
  const rest = { ...ways.due, minor: ways.due.minor - wallet.spendable.minor };
  if (rest.minor > 0) return null;
  return (
    <div>
      <Act label="Pay from balance" onFailure={onFailure} act={() => payInvoice({ invoice_id: invoice.id, gateway: "wallet" })} />
      <p className="mt-1 text-sm text-ink-3">Leaves {formatMoney({ ...rest, minor: -rest.minor })} of {formatMoney(wallet.spendable)}{wallet.promotional.minor > 0 ? `; the ${formatMoney(wallet.promotional)} of credit goes first` : ""}.</p>
    </div>
  );
}

function Options({ ways, use, onUse, save, onSave }: { ways: WaysToPay; use: boolean; onUse: (on: boolean) => void; save: boolean; onSave: (on: boolean) => void }) {
  const wallet = ways.wallet;
  const part = wallet && wallet.spendable.minor > 0 && wallet.spendable.minor < ways.due.minor ? wallet.spendable : null;
  return (
    <>
      {part ? <Checkbox checked={use} onChange={(event) => onUse(event.target.checked)} label={<>Use {formatMoney(part)} of balance and credit</>} help="Taken in the moment the rest is paid." /> : null}
      {ways.paypal && ways.saves_methods ? <Checkbox checked={save} onChange={(event) => onSave(event.target.checked)} label="Save PayPal for later invoices" help={ways.consent} /> : null}
    </>
  );
}

function Waiting({ payment, onFailure }: { payment: Payment; onFailure: Fail }) {
  return (
    <div className="space-y-3">
      <TransferInstructions paymentId={payment.id} />
      {payment.can.includes("cancel") ? <Act look="quiet" label="Pay another way" onFailure={onFailure} act={() => cancelPayment(payment.id)} /> : null}
    </div>
  );
}

/** Every way to pay one invoice. */
export function PayPanel({ invoice }: { invoice: Invoice }) {
  const brand = useQuery(brandQuery).data;
  const ways = useQuery(waysToPayQuery(invoice.id)).data;
  const [failure, setFailure] = useState<string | null>(null);
  const [button, setButton] = useState<ButtonState>("loading");
  const [use, setUse] = useState(true);
  const [save, setSave] = useState(false);
  const fail = useCallback((error: unknown) => setFailure(isApiError(error) ? error.message : "PayPal's window reported a fault. Nothing was taken; try again, or pay on PayPal's page."), []);
  const waiting = invoice.payments.find((payment) => payment.gateway === "paypal" && payment.state === "awaiting_approval" && payment.approve_url);
  const transfer = invoice.payments.find((payment) => payment.state === "awaiting_transfer");
  const underway = invoice.payments.find((payment) => payment.state === "capturing" || payment.state === "pending");
  const wish = { use_wallet: use, save_method: save };
  const part = use && ways?.wallet && ways.wallet.spendable.minor < ways.due.minor ? ways.wallet.spendable.minor : 0;
  return (
    <div className="space-y-3">
      <p className="flex items-baseline justify-between gap-3"><span className="text-ink-2">To pay</span><Money value={invoice.open} className="text-xl font-semibold" /></p>
      {failure ? <Notice tone="bad" role="alert">{failure}</Notice> : null}
      {underway ? (
        <Notice tone="info" role="status" title="A payment is on its way">PayPal has it and has not confirmed it yet. We keep asking; do not pay again.</Notice>
      ) : transfer ? <Waiting payment={transfer} onFailure={fail} /> : (
        <>
          {ways ? <Options ways={ways} use={use} onUse={setUse} save={save} onSave={setSave} /> : null}
          {part > 0 ? <p className="flex items-baseline justify-between gap-3 text-ink-2"><span>Left to pay</span><Money value={{ ...invoice.open, minor: invoice.open.minor - part }} className="font-medium" /></p> : null}
          {brand?.paypal ? <PayPalButton paypal={brand.paypal} invoiceId={invoice.id} currency={invoice.open.currency} wish={wish} onFailure={fail} state={button} onState={setButton} /> : null}
          {waiting?.approve_url ? <a className={buttonClass(button === "absent" ? "primary" : "plain", "large", "w-full")} href={waiting.approve_url}>Go on at PayPal</a>
            : brand?.paypal ? <PayPalLink invoiceId={invoice.id} wish={wish} alone={button === "absent"} onFailure={fail} /> : null}
          {ways?.bank ? <Act label="Pay by bank transfer" onFailure={fail} act={() => payInvoice({ invoice_id: invoice.id, gateway: "bank", use_wallet: use })} /> : null}
          {ways ? <Wallet ways={ways} invoice={invoice} onFailure={fail} /> : null}
        </>
      )}
    </div>
  );
}
