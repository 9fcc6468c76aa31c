import { editCatalog } from "../../api/admin";
import { queryClient } from "../../api/query";
import { Button } from "../../ui/Button";
import { Input, Select, Textarea } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm, type Values } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { toast } from "../../ui/Toast";

export type EditField = { name: string; label: string; help?: string; kind?: "line" | "number" | "long"; options?: { value: string; label: string }[] };

type EditDialogProps = { kind: "locations" | "images"; id: string; title: string; fields: EditField[]; initial: Values; onClose: () => void };

const isYesNo = (field: EditField) => field.options?.[0]?.value === "yes";

function changed(fields: EditField[], before: Values, after: Values): Record<string, string | number | boolean> {
  return Object.fromEntries(fields.filter((field) => before[field.name] !== after[field.name]).map((field) => {
    const value = after[field.name] ?? "";
    return [field.name, field.kind === "number" ? Number(value) : isYesNo(field) ? value === "yes" : value];
  }));
}

/** Edits what staff may change of one thing in the catalog; only what changed is sent. */
export function EditDialog({ kind, id, title, fields, initial, onClose }: EditDialogProps) {
  const form = useForm<Values>({
    initial,
    validate: (values) => Object.fromEntries(fields.filter((field) => field.kind === "number" && !/^\d+$/.test(String(values[field.name]))).map((field) => [field.name, "Enter a whole number."])),
    submit: async (values) => {
      await editCatalog(kind, id, changed(fields, initial, values));
      await queryClient.invalidateQueries({ queryKey: ["admin", kind] });
      void queryClient.invalidateQueries({ queryKey: [kind] });
      toast(`${title} saved`);
      onClose();
    },
  });
  return (
    <Dialog open wide title={title} onClose={onClose}>
      <FormShell form={form} label={title} actions={<><Button type="submit" look="primary" busy={form.sending}>Save</Button><Button onClick={onClose}>Cancel</Button></>}>
        <div className="grid gap-4 sm:grid-cols-2">
          {fields.map((field) => (
            <Field key={field.name} label={field.label} help={field.help} error={form.errors[field.name]} className={field.kind === "long" ? "sm:col-span-2" : ""}>
              {field.options ? <Select {...form.text(field.name)}>{field.options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}</Select>
                : field.kind === "long" ? <Textarea rows={3} {...form.text(field.name)} />
                : <Input inputMode={field.kind === "number" ? "numeric" : undefined} autoComplete="off" {...form.text(field.name)} />}
            </Field>
          ))}
        </div>
      </FormShell>
    </Dialog>
  );
}
