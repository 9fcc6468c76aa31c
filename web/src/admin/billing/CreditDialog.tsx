import { creditInvoice, refundToWallet } from "../../api/invoicing";
import type { AdminInvoice } from "../../api/adminTypes";
import { formatMoney } from "../../lib/format";
import { parseMajor } from "../../lib/money";
import { Button } from "../../ui/Button";
import { Input, Select } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";

type Way = "credit" | "refund_to_wallet";

/** A credit note for all that is left, for an amount, or for a line; with or without the money going to the wallet. */
export function CreditDialog({ invoice, way, onDone, onClose }: { invoice: AdminInvoice; way: Way; onDone: (note: AdminInvoice) => Promise<unknown>; onClose: () => void }) {
  const left = { currency: invoice.total.currency, minor: invoice.total.minor - invoice.credited.minor };
  const refund = way === "refund_to_wallet";
  const form = useForm({
    initial: { line: "", amount: "", reason: "" },
    validate: (values) => {
      const minor = values.amount ? parseMajor(values.amount, left.currency) : left.minor;
      return {
        amount: minor !== null && minor > 0 && minor <= left.minor ? undefined : `At most ${formatMoney(left)}; empty for all of it.`,
        reason: values.reason.trim() ? undefined : "Say why: it stands on the credit note.",
      };
    },
    submit: async (values) => {
      const amount = values.amount ? { minor: parseMajor(values.amount, left.currency) ?? 0, currency: left.currency } : undefined;
      const reason = values.reason.trim();
      const some = amount ? { amount } : {};
      const body = values.line ? { reason, lines: [{ line_id: values.line, ...some }] } : { reason, ...some };
      await onDone(refund ? await refundToWallet(invoice.id, { reason, ...some }) : await creditInvoice(invoice.id, body));
    },
    aliases: { minor: "amount", lines: "line" },
  });
  const title = refund ? "Refund to the wallet" : "Issue a credit note";
  return (
    <Dialog open title={title} onClose={onClose}>
      <FormShell form={form} label={title} actions={<><Button type="submit" look="primary" busy={form.sending}>{refund ? "Refund" : "Issue credit note"}</Button><Button onClick={onClose}>Cancel</Button></>}>
        <p className="text-ink-2">{refund ? "A credit note takes back revenue and tax, and its total goes into the customer's wallet." : invoice.open.minor ? "What is credited is not due any more." : "Revenue and tax are taken back. The money stays booked as owed to the customer until it is refunded."}</p>
        {refund ? null : (
          <Field label="What">
            <Select {...form.text("line")}>
              <option value="">The whole invoice</option>
              {invoice.lines.map((line) => <option key={line.id} value={line.id}>{line.description}, {formatMoney(line.net)} net</option>)}
            </Select>
          </Field>
        )}
        <Field label={`Amount with tax in ${left.currency}`} optional error={form.errors.amount} help={`Empty: all that is left${form.values.line ? " of this line" : `, ${formatMoney(left)}`}.`}><Input inputMode="decimal" autoComplete="off" {...form.text("amount")} /></Field>
        <Field label="Reason" error={form.errors.reason} help="Stands on the credit note, and in the audit log."><Input autoComplete="off" {...form.text("reason")} /></Field>
      </FormShell>
    </Dialog>
  );
}
