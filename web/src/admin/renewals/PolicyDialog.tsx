import { type PolicyShown, savePolicy } from "../../api/adminRenewals";
import { queryClient } from "../../api/query";
import { Button } from "../../ui/Button";
import { Checkbox, Input } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { toast } from "../../ui/Toast";

const standard = { name: "", invoice: 7, collect: [0, 1, 3], remind: [-3, 1, 3], suspend: 5, terminate: 14, erase: 7 };
const whole = /^\d{1,2}$/;
const listed = (text: string) => text.split(/[,;\s]+/).filter(Boolean).map((part) => part.replace("−", "-"));
const areDays = (text: string) => listed(text).every((part) => /^-?\d{1,2}$/.test(part));
const daysOf = (text: string) => [...new Set(listed(text).map(Number))].toSorted((a, b) => a - b);
const count = (text: string) => (text.trim() === "" ? null : Number(text));
const say = (wrong: boolean, words: string) => (wrong ? words : undefined);

const lines = [
  { name: "invoice", label: "Invoice, days before due", help: "The day it is due is the day its period begins." },
  { name: "collect", label: "Charges, days after due", help: "Such as 0, 1, 3." },
  { name: "remind", label: "Reminders, days from due", help: "Before due with a minus, such as −3, 1, 3." },
  { name: "suspend", label: "Suspend, days after due", help: "Empty: never." },
  { name: "terminate", label: "Terminate, days after due", help: "Empty: never." },
  { name: "erase", label: "Erase, days after the end", help: "Until then an end can be taken back." },
] as const;

/** A new policy, or a change of one; the built-in one becomes one's own when it is saved. */
export function PolicyDialog({ policy, onClose }: { policy: PolicyShown | null; onClose: () => void }) {
  const terms = { ...standard, ...policy?.terms };
  const title = policy ? `Change ${terms.name}` : "New policy";
  const form = useForm({
    initial: {
      name: terms.name, invoice: String(terms.invoice), collect: terms.collect.join(", "), remind: terms.remind.join(", "),
      suspend: String(terms.suspend ?? ""), terminate: String(terms.terminate ?? ""), erase: String(terms.erase), isDefault: policy?.default ?? false,
    },
    aliases: { default: "isDefault" },
    validate: (values) => ({
      name: say(!values.name.trim(), "Give it a name."),
      invoice: say(!whole.test(values.invoice.trim()), "Enter a whole number."), erase: say(!whole.test(values.erase.trim()), "Enter a whole number."),
      collect: say(!areDays(values.collect) || values.collect.includes("-"), "Days such as 0, 1, 3."), remind: say(!areDays(values.remind), "Days such as −3, 1, 3."),
      suspend: say(!/^\d{0,2}$/.test(values.suspend.trim()), "A whole number, or nothing."), terminate: say(!/^\d{0,2}$/.test(values.terminate.trim()), "A whole number, or nothing."),
    }),
    submit: async (values) => {
      await savePolicy(policy?.id ?? null, {
        default: values.isDefault,
        terms: {
          name: values.name.trim(), invoice: Number(values.invoice), collect: daysOf(values.collect), remind: daysOf(values.remind),
          suspend: count(values.suspend), terminate: count(values.terminate), erase: Number(values.erase),
        },
      });
      await queryClient.invalidateQueries({ queryKey: ["admin", "renewal-policies"] });
      toast("The policy is kept; services follow it within minutes");
      onClose();
    },
  });
  return (
    <Dialog open wide title={title} onClose={onClose}>
      <FormShell form={form} label={title} actions={<><Button type="submit" look="primary" busy={form.sending}>{policy ? "Save" : "Add policy"}</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label="Name" error={form.errors.name}><Input autoComplete="off" {...form.text("name")} /></Field>
        <div className="grid gap-4 sm:grid-cols-2">
          {lines.map((line) => <Field key={line.name} label={line.label} help={line.help} error={form.errors[line.name]}><Input autoComplete="off" {...form.text(line.name)} /></Field>)}
        </div>
        <Checkbox label="The default" help="Plans that follow no other policy follow this one." checked={form.values.isDefault} onChange={(event) => form.set("isDefault", event.target.checked)} />
      </FormShell>
    </Dialog>
  );
}
