import { useState } from "react";
import { Link } from "wouter";
import { askPasswordReset } from "../../api/identity";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";
import { linkClass, looksLikeEmail, Narrow } from "./Narrow";

export function ForgotPage() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({
    initial: { email: "" },
    validate: (values) => ({ email: looksLikeEmail(values.email) ? undefined : "Enter your e-mail address, such as you@example.com." }),
    submit: async (values) => {
      await askPasswordReset(values.email.trim());
      setSentTo(values.email.trim());
    },
  });
  return (
    <Narrow title="Reset your password" below={<Link className={linkClass} href="/login">Back to log in</Link>}>
      {sentTo ? <Notice tone="good" role="status" title="Check your mail">If <b className="break-all">{sentTo}</b> has an account, a link to set a new password is on its way.</Notice> : (
        <FormShell form={form} label="Reset your password" actions={<Button type="submit" look="primary" size="large" className="w-full" busy={form.sending}>Send the link</Button>}>
          <Field label="E-mail" error={form.errors.email}><Input type="email" autoComplete="username" inputMode="email" autoFocus {...form.text("email")} /></Field>
        </FormShell>
      )}
    </Narrow>
  );
}
