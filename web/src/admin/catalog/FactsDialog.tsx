import type { ReactNode } from "react";
import { queryClient } from "../../api/query";
import { Button } from "../../ui/Button";
import { Input, Select } from "../../ui/controls";
import { CountrySelect } from "../../ui/CountrySelect";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { type Errors, useForm, type Values } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { toast } from "../../ui/Toast";

export type Fact = {
  name: string; label: string; help?: string; optional?: boolean; wide?: boolean;
  kind?: "line" | "number" | "decimal" | "date" | "country"; options?: { value: string; label: string }[];
};

const wrong: Record<string, [RegExp, string]> = {
  number: [/^\d+$/, "Enter a whole number."],
  decimal: [/^\d+([.,]\d{1,6})?$/, "Enter a number such as 12.50."],
  date: [/^\d{4}-\d{2}-\d{2}$/, "Choose a day."],
};

function check(facts: Fact[], values: Values): Errors<Values> {
  return Object.fromEntries(facts.flatMap(({ name, kind = "line", optional }) => {
    const text = String(values[name] ?? "").trim();
    if (text === "") return optional ? [] : [[name, "Fill this in."]];
    const rule = wrong[kind];
    return rule && !rule[0].test(text) ? [[name, rule[1]]] : [];
  }));
}

function Control({ fact, ...rest }: { fact: Fact; name: string; value: string; onChange: (event: { target: { value: string } }) => void }) {
  if (fact.options) return <Select {...rest}>{fact.options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}</Select>;
  if (fact.kind === "country") return <CountrySelect {...rest} />;
  if (fact.kind === "date") return <Input type="date" {...rest} />;
  const mode = fact.kind === "number" ? "numeric" : fact.kind === "decimal" ? "decimal" : undefined;
  return <Input inputMode={mode} autoComplete="off" {...rest} />;
}

type FactsDialogProps = {
  title: string; verb: string; facts: Fact[]; initial: Values; names: string[]; said: string; aliases?: Record<string, string>;
  danger?: boolean; save: (values: Record<string, string>) => Promise<unknown>; onClose: () => void; children?: (values: Values) => ReactNode;
};

/** A dialog that asks for some facts, says what is wrong with each, and sends them as they are typed. */
export function FactsDialog({ title, verb, facts, initial, names, said, aliases, danger, save, onClose, children }: FactsDialogProps) {
  const form = useForm<Values>({
    initial, ...(aliases ? { aliases } : {}),
    validate: (values) => check(facts, values),
    submit: async (values) => {
      await save(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value).trim()])));
      await Promise.all(names.map((name) => queryClient.invalidateQueries({ queryKey: ["admin", name] })));
      toast(said);
      onClose();
    },
  });
  return (
    <Dialog open wide title={title} onClose={onClose}>
      <FormShell form={form} label={title} actions={<><Button type="submit" look={danger ? "danger" : "primary"} busy={form.sending}>{verb}</Button><Button onClick={onClose}>Cancel</Button></>}>
        <div className="grid gap-4 sm:grid-cols-2">
          {facts.map((fact) => (
            <Field key={fact.name} label={fact.label} help={fact.help} optional={fact.optional ?? false} error={form.errors[fact.name]} className={fact.wide ? "sm:col-span-2" : ""}>
              <Control fact={fact} {...form.text(fact.name)} />
            </Field>
          ))}
        </div>
        {children?.(form.values)}
      </FormShell>
    </Dialog>
  );
}

export const decimal = (text: string | undefined) => (text ?? "").replace(",", ".");
