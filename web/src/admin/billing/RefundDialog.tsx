import { useQuery } from "@tanstack/react-query";
import { refundPayment, refundPreviewQuery, type StaffPayment } from "../../api/adminPayments";
import { queryClient } from "../../api/query";
import { parseAmount } from "../../lib/amount";
import { majorString } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Input, Select } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Money } from "../../ui/Money";
import { toast } from "../../ui/Toast";

function Preview({ payment, minor, destination }: { payment: StaffPayment; minor: number | null; destination: string }) {
  const { data } = useQuery(refundPreviewQuery(payment.id, minor, destination));
  if (!data) return <p className="text-sm text-ink-3">Enter an amount to see what it does to the books.</p>;
  const left = destination === "payment" ? data.refundable_at_gateway : data.refundable;
  return (
    <div className="rounded border border-line bg-sunken p-3 text-sm" data-testid="refund-preview">
      <p className="flex justify-between gap-3"><span className="text-ink-2">Left to give back this way</span><Money value={left} /></p>
      {data.credited.minor > 0 ? <p className="flex justify-between gap-3"><span className="text-ink-2">Credit note over</span><Money value={data.credited} /></p> : null}
      <ul aria-label="Effect on the books" className="mt-2 border-t border-line pt-2">
        {data.effects.map((effect) => <li key={effect.book} className="flex justify-between gap-3"><span className="text-ink-2">{effect.book.replaceAll("_", " ")}</span><Money signed value={effect.amount} /></li>)}
      </ul>
    </div>
  );
}

/** Gives money back, saying before what that does to the books. */
export function RefundDialog({ payment, onClose }: { payment: StaffPayment; onClose: () => void }) {
  const currency = payment.amount.currency;
  const byGateway = payment.gateway === "paypal" && payment.capture_ref !== null && payment.gateway_ref !== null;
  const form = useForm({
    initial: { amount: majorString(payment.refundable), destination: byGateway ? "payment" : "wallet", reason: "" },
    validate: (values) => ({
      amount: parseAmount(values.amount, currency) ? undefined : "Enter an amount such as 4.00.", reason: values.reason.trim().length < 3 ? "Say why; the customer reads it." : undefined,
    }),
    submit: async (values) => {
      const destination = values.destination === "payment" ? "payment" : "wallet";
      await refundPayment(payment.id, { amount_minor: parseAmount(values.amount, currency) ?? 0, destination, reason: values.reason.trim() });
      await queryClient.invalidateQueries({ queryKey: ["admin"] });
      toast(destination === "payment" ? "PayPal is being asked" : "The money is in the wallet");
      onClose();
    },
  });
  return (
    <Dialog open title="Refund" onClose={onClose}>
      <FormShell form={form} label="Refund" actions={<><Button type="submit" look="danger" busy={form.sending}>Refund</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label={`Amount (${currency})`} error={form.errors.amount}><Input inputMode="decimal" autoComplete="off" {...form.text("amount")} /></Field>
        <Field label="To"><Select {...form.text("destination")}>{byGateway ? <option value="payment">Back to PayPal</option> : null}<option value="wallet">The customer's balance</option></Select></Field>
        <Field label="Reason" help="On the credit note and in the audit log." error={form.errors.reason}><Input autoComplete="off" {...form.text("reason")} /></Field>
        <Preview payment={payment} minor={parseAmount(String(form.values.amount), currency)} destination={String(form.values.destination)} />
      </FormShell>
    </Dialog>
  );
}
