import { Link, useLocation } from "wouter";
import { confirmPasswordReset } from "../../api/identity";
import { useUrl } from "../../lib/url";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { PasswordInput } from "../../ui/PasswordInput";
import { linkClass, Narrow } from "./Narrow";

export function ResetPage() {
  const [params] = useUrl();
  const [, navigate] = useLocation();
  const form = useForm({
    initial: { password: "" },
    validate: (values) => ({ password: values.password.length >= 10 ? undefined : "Use at least 10 characters." }),
    submit: async (values) => {
      await confirmPasswordReset(params.get("token") ?? "", values.password);
      navigate("/login?reset=1", { replace: true });
    },
  });
  return (
    <Narrow title="Set a new password" below={<>Link too old? <Link className={linkClass} href="/forgot-password">Ask for a new one</Link></>}>
      <FormShell form={form} label="Set a new password" actions={<Button type="submit" look="primary" size="large" className="w-full" busy={form.sending}>Set password</Button>}>
        <Field label="New password" error={form.errors.password}><PasswordInput measured autoComplete="new-password" autoFocus {...form.text("password")} /></Field>
      </FormShell>
    </Narrow>
  );
}
