import { useState } from "react";
import { checkSettings, saveSettings } from "../../api/admin";
import type { SettingField, SettingSection, SettingValue } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import { sayError } from "../../lib/errors";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Input, Select, Switch, Textarea } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { useForm, type Values } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";
import { toast } from "../../ui/Toast";

function kindOf(field: SettingField): "switch" | "number" | "choice" | "long" | "list" | "line" {
  const type = field.type.toLowerCase();
  if (field.choices && field.choices.length > 0) return "choice";
  if (type.startsWith("bool")) return "switch";
  if (/^(int|integer|number|float|decimal)/.test(type)) return "number";
  if (/list|array|tuple/.test(type)) return "list";
  return /text|multiline/.test(type) ? "long" : "line";
}

function start(section: SettingSection): Values {
  return Object.fromEntries(section.fields.map((field) => {
    if (field.secret) return [field.name, ""];
    if (kindOf(field) === "switch") return [field.name, field.value === true];
    return [field.name, Array.isArray(field.value) ? field.value.join(", ") : field.value === null ? "" : String(field.value)];
  }));
}

/** A secret left empty stays as it is, so it is not sent at all. */
function toValues(section: SettingSection, values: Values): Record<string, SettingValue> {
  const sent: Record<string, SettingValue> = {};
  for (const field of section.fields) {
    const value = values[field.name] ?? "";
    const kind = kindOf(field);
    if (field.secret && value === "") continue;
    if (kind === "list") sent[field.name] = String(value).split(",").map((part) => part.trim()).filter(Boolean);
    else if (kind === "number") sent[field.name] = value === "" ? null : Number(value);
    else sent[field.name] = value === "" ? null : value;
  }
  return sent;
}

const nameWords = (name: string) => name.replaceAll("_", " ").replace(/([a-z])(\d)/g, "$1 $2").replace(/^./, (first) => first.toUpperCase()).replace(/\b(url|id|smtp|api|ip|ipn|iban|bic|ca|pem)\b/gi, (word) => word.toUpperCase());

function Control({ field, form }: { field: SettingField; form: ReturnType<typeof useForm<Values>> }) {
  const kind = kindOf(field);
  const label = field.title ?? nameWords(field.name);
  const common = { label, help: field.help || undefined, error: form.errors[field.name] };
  if (kind === "switch") {
    return <div><Switch label={label} checked={form.values[field.name] === true} onChange={(on) => form.set(field.name, on)} />{field.help ? <p className="text-sm text-ink-3">{field.help}</p> : null}</div>;
  }
  if (field.secret) {
    return (
      <Field {...common} aside={field.set ? <Badge tone="good">Set</Badge> : <Badge tone="warn">Not set</Badge>}>
        <Input type="password" autoComplete="new-password" placeholder={field.set ? "Unchanged; type to replace" : "Not set"} {...form.text(field.name)} />
      </Field>
    );
  }
  if (kind === "choice") return <Field {...common}><Select {...form.text(field.name)}>{field.choices?.map((choice) => <option key={choice} value={choice}>{nameWords(choice)}</option>)}</Select></Field>;
  if (kind === "long") return <Field {...common}><Textarea {...form.text(field.name)} /></Field>;
  return <Field {...common} help={kind === "list" ? `${field.help} Separate with commas.`.trim() : common.help}><Input inputMode={kind === "number" ? "numeric" : undefined} autoComplete="off" spellCheck={false} {...form.text(field.name)} /></Field>;
}

export function SettingsForm({ section }: { section: SettingSection }) {
  const [check, setCheck] = useState<{ ok: boolean; message: string } | "asking" | null>(null);
  const form = useForm<Values>({
    initial: start(section), guard: true,
    submit: async (values) => {
      const after = await saveSettings(section.section, toValues(section, values));
      queryClient.setQueryData<{ items: SettingSection[] }>(["admin", "settings"], (before) => before && { items: before.items.map((each) => (each.section === after.section ? after : each)) });
      form.reset(start(after));
      setCheck(null);
      toast(`${section.title} saved`);
      void queryClient.invalidateQueries({ queryKey: ["brand"] });
    },
  });
  const ask = () => {
    setCheck("asking");
    checkSettings(section.section).then(setCheck, (error: unknown) => setCheck({ ok: false, message: sayError(error) }));
  };
  return (
    <FormShell form={form} label={section.title} actions={<>
      <Button type="submit" look="primary" busy={form.sending}>Save</Button>
      <Button busy={check === "asking"} disabled={form.dirty || check === "asking"} title={form.dirty ? "Save first; the check uses what is saved" : undefined} onClick={ask}>Check</Button>
    </>}>
      {check && check !== "asking" ? <Notice tone={check.ok ? "good" : "bad"} role="status" title={check.ok ? "It works" : "It does not work"}>{check.message}</Notice> : null}
      {section.fields.map((field) => <Control key={field.name} field={field} form={form} />)}
    </FormShell>
  );
}
