import { useState } from "react";
import { confirmTransfer, rejectTransfer, type StaffPayment } from "../../api/adminPayments";
import { queryClient } from "../../api/query";
import { parseAmount } from "../../lib/amount";
import { majorString, today } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Input } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { toast } from "../../ui/Toast";

const refresh = () => queryClient.invalidateQueries({ queryKey: ["admin"] });

function ConfirmDialog({ payment, onClose }: { payment: StaffPayment; onClose: () => void }) {
  const currency = payment.amount.currency;
  const form = useForm({
    initial: { amount: majorString(payment.amount), received_on: today(), note: "" },
    validate: (values) => ({ amount: parseAmount(values.amount, currency) ? undefined : "Enter the amount that arrived.", received_on: values.received_on ? undefined : "When did it arrive?" }),
    submit: async (values) => {
      await confirmTransfer(payment.id, { amount_minor: parseAmount(values.amount, currency) ?? 0, received_on: values.received_on, note: values.note });
      await refresh();
      toast("The transfer is booked");
      onClose();
    },
  });
  return (
    <Dialog open title={`Transfer ${payment.reference ?? ""} arrived`} onClose={onClose}>
      <FormShell form={form} label="Confirm a transfer" actions={<><Button type="submit" look="primary" busy={form.sending}>Book it</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label={`Amount on the statement (${currency})`} error={form.errors.amount} help="Less leaves the invoice open over the rest; more goes to the customer's balance."><Input inputMode="decimal" autoComplete="off" {...form.text("amount")} /></Field>
        <Field label="Arrived on" error={form.errors.received_on}><Input type="date" max={today()} {...form.text("received_on")} /></Field>
        <Field label="Note" optional><Input autoComplete="off" {...form.text("note")} /></Field>
      </FormShell>
    </Dialog>
  );
}

/** What staff can say about a bank transfer. */
export function TransferActions({ payment }: { payment: StaffPayment }) {
  const [confirming, setConfirming] = useState(false);
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const reject = () => setAsking({
    title: "Reject this transfer?", body: <p>The customer reads the reason and can pay another way. If the money comes after all, it can still be booked.</p>,
    verb: "Reject", danger: true, reasonLabel: "Reason", run: (reason) => rejectTransfer(payment.id, reason).then(refresh),
  });
  return (
    <>
      {payment.can.includes("confirm_transfer") ? <Button look="primary" onClick={() => setConfirming(true)}>Money arrived</Button> : null}
      {payment.can.includes("reject_transfer") ? <Button onClick={reject}>Reject</Button> : null}
      {confirming ? <ConfirmDialog payment={payment} onClose={() => setConfirming(false)} /> : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </>
  );
}
