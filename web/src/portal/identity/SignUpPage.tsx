import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { brandQuery } from "../../api/catalog";
import { register } from "../../api/identity";
import { useUrl } from "../../lib/url";
import { Button } from "../../ui/Button";
import { Input, Select } from "../../ui/controls";
import { CountrySelect } from "../../ui/CountrySelect";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { PasswordInput } from "../../ui/PasswordInput";
import { linkClass, looksLikeEmail, Narrow } from "./Narrow";

/** English is spoken everywhere and browsers set to it tell nothing of the country. */
function guessedCountry(): string {
  return /^(?!en)[a-z]+-([A-Z]{2})$/.exec(navigator.language)?.[1] ?? "";
}

export function SignUpPage() {
  const brand = useQuery(brandQuery).data;
  const [params] = useUrl();
  const [, navigate] = useLocation();
  const next = params.get("next");
  const form = useForm({
    initial: { name: "", email: params.get("email") ?? "", password: "", company: "", country: guessedCountry(), currency: "" },
    validate: (values) => ({
      name: values.name.trim() ? undefined : "Enter your name as it should stand on invoices.",
      email: looksLikeEmail(values.email) ? undefined : "Enter your e-mail address, such as you@example.com.",
      password: values.password.length >= 10 ? undefined : "Use at least 10 characters.",
      country: values.country ? undefined : "Choose your country; tax depends on it.",
    }),
    submit: async (values) => {
      const currency = values.currency || brand?.default_currency;
      await register({
        name: values.name.trim(), email: values.email.trim(), password: values.password, country: values.country,
        language: navigator.language.slice(0, 2), time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        ...(values.company.trim() ? { company: values.company.trim() } : {}), ...(currency ? { currency } : {}),
      });
      const to = new URLSearchParams({ email: values.email.trim(), ...(next ? { next } : {}) });
      navigate(`/signup/check?${to.toString()}`);
    },
  });
  const carry = next ? `?next=${encodeURIComponent(next)}` : "";
  return (
    <Narrow title="Create an account" below={<>Already have one? <Link className={linkClass} href={`/login${carry}`}>Log in</Link></>}>
      <FormShell form={form} label="Create an account" actions={<Button type="submit" look="primary" size="large" className="w-full" busy={form.sending}>Create account</Button>}>
        <Field label="Name" error={form.errors.name}><Input autoComplete="name" autoFocus {...form.text("name")} /></Field>
        <Field label="E-mail" error={form.errors.email} help="We send a link to confirm it."><Input type="email" autoComplete="username" inputMode="email" {...form.text("email")} /></Field>
        <Field label="Password" error={form.errors.password}><PasswordInput measured autoComplete="new-password" {...form.text("password")} /></Field>
        <Field label="Company" optional error={form.errors.company}><Input autoComplete="organization" {...form.text("company")} /></Field>
        <div className="grid grid-cols-[1fr_7rem] gap-3">
          <Field label="Country" error={form.errors.country}><CountrySelect {...form.text("country")} /></Field>
          <Field label="Currency" error={form.errors.currency}>
            <Select {...form.text("currency")} value={form.values.currency || brand?.default_currency || ""}>
              {(brand?.currencies ?? []).map((code) => <option key={code}>{code}</option>)}
            </Select>
          </Field>
        </div>
        {brand?.terms_url ? <p className="text-sm text-ink-3">By creating an account you accept the <a className={linkClass} href={brand.terms_url} target="_blank" rel="noreferrer">terms</a>.</p> : null}
      </FormShell>
    </Narrow>
  );
}
