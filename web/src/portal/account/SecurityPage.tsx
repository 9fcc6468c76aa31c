import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changeEmail, changePassword, endSession, sessionsQuery } from "../../api/identity";
import { queryClient } from "../../api/query";
import type { Me, Session } from "../../api/types";
import { useViewer } from "../../parts/identity/session";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Input } from "../../ui/controls";
import { Ago } from "../../ui/DateTime";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { PasswordInput } from "../../ui/PasswordInput";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toast, toastError } from "../../ui/Toast";
import { AccountTabs } from "./AccountTabs";
import { PanelLinks } from "./PanelLinks";

const noPasswords = { current_password: "", new_password: "" };

function PasswordForm({ me }: { me: Me }) {
  const form = useForm({
    initial: noPasswords,
    validate: (values) => ({
      current_password: values.current_password ? undefined : "Enter the password you use now.",
      new_password: values.new_password.length >= 10 ? undefined : "Use at least 10 characters.",
    }),
    submit: async (values) => {
      await changePassword(values);
      form.reset(noPasswords);
      void queryClient.invalidateQueries({ queryKey: ["sessions"] });
      toast("Password changed; other sessions are ended");
    },
  });
  return (
    <FormShell form={form} label="Change password" className="max-w-[400px]" actions={<Button type="submit" look="primary" busy={form.sending}>Change password</Button>}>
      <input type="text" autoComplete="username" value={me.email} readOnly hidden />
      <Field label="Current password" error={form.errors.current_password}><PasswordInput autoComplete="current-password" {...form.text("current_password")} /></Field>
      <Field label="New password" error={form.errors.new_password}><PasswordInput measured autoComplete="new-password" {...form.text("new_password")} /></Field>
    </FormShell>
  );
}

function EmailForm({ me }: { me: Me }) {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({
    initial: { email: "", password: "" },
    validate: (values) => ({
      email: /^\S+@\S+\.\S+$/.test(values.email.trim()) ? undefined : "Enter the new e-mail address.",
      password: values.password ? undefined : "Enter your password.",
    }),
    submit: async (values) => {
      await changeEmail({ email: values.email.trim(), password: values.password });
      setSentTo(values.email.trim());
      form.reset({ email: "", password: "" });
    },
  });
  return (
    <FormShell form={form} label="Change e-mail" className="max-w-[400px]" actions={<Button type="submit" busy={form.sending}>Change e-mail</Button>}>
      <p className="text-ink-2">You log in as <b className="break-all text-ink">{me.email}</b>.</p>
      {sentTo ? <Notice tone="good" role="status">Open the link we sent to <b className="break-all">{sentTo}</b>; until then the old address stays.</Notice> : null}
      <Field label="New e-mail" error={form.errors.email}><Input type="email" autoComplete="email" {...form.text("email")} /></Field>
      <Field label="Password" error={form.errors.password}><PasswordInput autoComplete="current-password" {...form.text("password")} /></Field>
    </FormShell>
  );
}

/** Browser and system out of the long text that browsers send. */
function deviceWords(agent: string): string {
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrom(e|ium)\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : null;
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac OS X/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : null;
  return browser ? `${browser}${system ? ` on ${system}` : ""}` : agent.slice(0, 60) || "Unknown device";
}

function SessionRow({ session }: { session: Session }) {
  const end = () => void endSession(session.id).then(() => queryClient.invalidateQueries({ queryKey: ["sessions"] }), toastError);
  return (
    <li className="flex items-center justify-between gap-4 px-4 py-2.5">
      <span className="min-w-0">
        <span className="flex items-center gap-2"><span className="truncate" title={session.user_agent}>{session.kind === "token" ? "API token" : deviceWords(session.user_agent)}</span>{session.current ? <Badge tone="good">This one</Badge> : null}</span>
        <span className="num block text-sm text-ink-3"><code>{session.ip}</code> · seen <Ago at={session.last_seen_at} /> · began <Ago at={session.created_at} /></span>
      </span>
      {session.current ? null : <Button look="quiet" onClick={end}>End</Button>}
    </li>
  );
}

export function SecurityPage() {
  const { me } = useViewer();
  const { data, error, refetch } = useQuery(sessionsQuery);
  return (
    <Page title="Security" narrow crumbs={[{ label: "Account", href: "/account" }]}>
      <AccountTabs current="/account/security" />
      <div className="space-y-5">
        <Section title="Password"><PasswordForm me={me} /></Section>
        <Section title="E-mail"><EmailForm me={me} /></Section>
        <PanelLinks />
        <Section flush title="Sessions">
          {data ? <ul aria-label="Sessions" className="divide-y divide-line">{data.items.map((session) => <SessionRow key={session.id} session={session} />)}</ul>
            : error ? <ErrorState error={error} retry={refetch} /> : <div className="p-4"><SkeletonLines lines={3} /></div>}
        </Section>
      </div>
    </Page>
  );
}
