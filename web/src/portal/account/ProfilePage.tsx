import { useQuery } from "@tanstack/react-query";
import { editProfile, profileQuery } from "../../api/customers";
import { editMe } from "../../api/identity";
import { queryClient } from "../../api/query";
import type { Me, Profile } from "../../api/types";
import { useViewer } from "../../parts/identity/session";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Input, Select } from "../../ui/controls";
import { CountrySelect } from "../../ui/CountrySelect";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toast } from "../../ui/Toast";
import { AccountTabs } from "./AccountTabs";

const zones = Intl.supportedValuesOf("timeZone");
const languages: [string, string][] = [["en", "English"], ["de", "Deutsch"], ["fr", "Français"], ["es", "Español"], ["nl", "Nederlands"]];

function ZoneOptions({ current }: { current: string }) {
  return <>{zones.includes(current) ? null : <option>{current}</option>}{zones.map((zone) => <option key={zone}>{zone}</option>)}</>;
}

function LanguageOptions({ current }: { current: string }) {
  return <>{languages.some(([code]) => code === current) ? null : <option>{current}</option>}{languages.map(([code, name]) => <option key={code} value={code}>{name}</option>)}</>;
}

function start(profile: Profile) {
  return {
    name: profile.name, company: profile.company ?? "", line1: profile.line1 ?? "", line2: profile.line2 ?? "", postal_code: profile.postal_code ?? "",
    city: profile.city ?? "", state: profile.state ?? "", country: profile.country ?? "", tax_number: profile.tax_number ?? "", kind: profile.kind, time_zone: profile.time_zone,
  };
}

const numberLooks: Partial<Record<Profile["tax_number_state"], StateLook>> = {
  unchecked: { word: "Being checked", tone: "info", moving: true }, valid: { word: "Confirmed", tone: "good" }, invalid: { word: "Not known to the register", tone: "bad" },
};

function NumberState({ state }: { state: Profile["tax_number_state"] }) {
  const look = numberLooks[state];
  return look ? <span className="text-sm"><StateBadge look={look} /></span> : null;
}

function AddressForm({ profile }: { profile: Profile }) {
  const locked = !profile.can.includes("edit");
  const form = useForm({
    initial: start(profile), guard: true,
    validate: (values) => ({ name: values.name.trim() ? undefined : "Enter the name that should stand on invoices." }),
    submit: async (values) => {
      // Who gives a tax number buys as a company, unless they say otherwise.
      const { kind, ...rest } = values;
      const after = await editProfile(profile.id, { ...rest, name: values.name.trim(), ...(kind === profile.kind ? {} : { kind: kind as Profile["kind"] }) });
      queryClient.setQueryData(["accounts", profile.id], after);
      void queryClient.invalidateQueries({ queryKey: ["me"] });
      toast("Profile saved");
    },
  });
  return (
    <FormShell form={form} label="Profile" actions={locked ? null : <><Button type="submit" look="primary" busy={form.sending}>Save</Button>{form.dirty ? <Button look="quiet" onClick={() => form.reset(start(profile))}>Undo changes</Button> : null}</>}>
      {locked ? <Notice tone="neutral">Your role may see this and not change it.</Notice> : null}
      <fieldset disabled={locked} className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" error={form.errors.name}><Input autoComplete="name" {...form.text("name")} /></Field>
        <Field label="Company" optional error={form.errors.company}><Input autoComplete="organization" {...form.text("company")} /></Field>
        <Field label="Street and number" error={form.errors.line1}><Input autoComplete="address-line1" {...form.text("line1")} /></Field>
        <Field label="Address, second line" optional error={form.errors.line2}><Input autoComplete="address-line2" {...form.text("line2")} /></Field>
        <Field label="Postal code" error={form.errors.postal_code}><Input autoComplete="postal-code" {...form.text("postal_code")} /></Field>
        <Field label="City" error={form.errors.city}><Input autoComplete="address-level2" {...form.text("city")} /></Field>
        <Field label="State or region" optional error={form.errors.state}><Input autoComplete="address-level1" {...form.text("state")} /></Field>
        <Field label="Country" error={form.errors.country} help="Tax depends on it."><CountrySelect {...form.text("country")} /></Field>
        <Field label="You buy as" error={form.errors.kind} help="It decides which tax you pay."><Select {...form.text("kind")}><option value="consumer">A private person</option><option value="business">A company</option></Select></Field>
        <Field label="Tax number" optional error={form.errors.tax_number} aside={<NumberState state={profile.tax_number_state} />} help="For companies in the EU: the VAT number with its country code, such as DE136695976. We check it with the EU's register."><Input autoComplete="off" spellCheck={false} {...form.text("tax_number")} /></Field>
        <Field label="Time zone" error={form.errors.time_zone} help="Due dates end at midnight there."><Select {...form.text("time_zone")}><ZoneOptions current={profile.time_zone} /></Select></Field>
      </fieldset>
    </FormShell>
  );
}

function MeForm({ me }: { me: Me }) {
  const form = useForm({
    initial: { name: me.name, language: me.language, time_zone: me.time_zone }, guard: true,
    validate: (values) => ({ name: values.name.trim() ? undefined : "Enter your name." }),
    submit: async (values) => {
      queryClient.setQueryData(["me"], await editMe({ ...values, name: values.name.trim() }));
      toast("Saved");
    },
  });
  return (
    <FormShell form={form} label="You" actions={<Button type="submit" look="primary" busy={form.sending}>Save</Button>}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Your name" error={form.errors.name}><Input autoComplete="name" {...form.text("name")} /></Field>
        <Field label="Language of our mails" error={form.errors.language}><Select {...form.text("language")}><LanguageOptions current={me.language} /></Select></Field>
        <Field label="Your time zone" error={form.errors.time_zone}><Select {...form.text("time_zone")}><ZoneOptions current={me.time_zone} /></Select></Field>
      </div>
    </FormShell>
  );
}

export function ProfilePage() {
  const { me, account } = useViewer();
  const { data, error, refetch } = useQuery(profileQuery(account.id));
  return (
    <Page title="Account" narrow>
      <AccountTabs current="/account" />
      <div className="space-y-5">
        <Section title="Who pays" aside={<span className="text-sm text-ink-3">Currency {account.currency}</span>}>
          {data ? <AddressForm key={`${data.id}-${data.kind}`} profile={data} /> : error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}
        </Section>
        <Section title="You"><MeForm me={me} /></Section>
      </div>
    </Page>
  );
}
