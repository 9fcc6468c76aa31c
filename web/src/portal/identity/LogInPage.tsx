import { Link, Redirect, useLocation } from "wouter";
import { logIn } from "../../api/identity";
import type { Me } from "../../api/types";
import { ApiError, isApiError } from "../../lib/errors";
import { safeNext, useUrl } from "../../lib/url";
import { useMe } from "../../parts/identity/session";
import { Button } from "../../ui/Button";
import { Checkbox, Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";
import { PasswordInput } from "../../ui/PasswordInput";
import { linkClass, looksLikeEmail, Narrow } from "./Narrow";
import { PanelSignIn } from "./PanelSignIn";

function homeOf(me: Me): string {
  return me.accounts.length === 0 && me.staff ? "/admin" : "/home";
}

/** Refusals in words that say what to do and never whether an address has an account. */
function explain(error: unknown): unknown {
  if (!isApiError(error)) return error;
  const wait = error.retryAfterSeconds ? ` Try again in ${Math.ceil(error.retryAfterSeconds / 60)} min.` : " Try again later.";
  const words: Record<string, string> = {
    login_failed: "This e-mail address and password do not match. Check both, or reset the password.",
    too_many_attempts: `Too many attempts.${wait}`,
  };
  const message = words[error.code];
  return message ? new ApiError({ status: error.status, code: error.code, message, request_id: error.requestId }) : error;
}

export function LogInPage() {
  const me = useMe();
  const [params] = useUrl();
  const [, navigate] = useLocation();
  const next = params.get("next");
  const form = useForm({
    initial: { email: params.get("email") ?? "", password: "", remember: true },
    validate: (values) => ({
      email: looksLikeEmail(values.email) ? undefined : "Enter your e-mail address, such as you@example.com.",
      password: values.password ? undefined : "Enter your password.",
    }),
    submit: async (values) => {
      try {
        const viewer = await logIn({ email: values.email.trim(), password: values.password, remember: values.remember });
        navigate(safeNext(next, homeOf(viewer)), { replace: true });
      } catch (error) {
        if (isApiError(error) && error.code === "email_unverified") navigate(`/signup/check?email=${encodeURIComponent(values.email.trim())}&unverified=1`);
        else throw explain(error);
      }
    },
  });
  if (me && !form.sending) return <Redirect to={safeNext(next, homeOf(me))} replace />;
  const carry = next ? `?next=${encodeURIComponent(next)}` : "";
  return (
    <Narrow title="Log in" below={<>New here? <Link className={linkClass} href={`/signup${carry}`}>Create an account</Link></>}>
      {params.get("confirmed") ? <div className="mb-4"><Notice tone="good" role="status">Your address is confirmed. Log in to go on.</Notice></div> : null}
      {params.get("reset") ? <div className="mb-4"><Notice tone="good" role="status">Your password is changed and all other sessions are ended. Log in with the new one.</Notice></div> : null}
      <PanelSignIn to={next ?? "/home"} came={params.get("sso")} />
      <FormShell form={form} label="Log in" actions={<Button type="submit" look="primary" size="large" className="w-full" busy={form.sending}>Log in</Button>}>
        <Field label="E-mail" error={form.errors.email}><Input type="email" autoComplete="username" inputMode="email" autoFocus={!params.get("email")} {...form.text("email")} /></Field>
        <Field label="Password" error={form.errors.password} aside={<Link className={`${linkClass} text-sm`} href={`/forgot-password${carry}`}>Forgot it?</Link>}>
          <PasswordInput autoComplete="current-password" {...form.text("password")} />
        </Field>
        <Checkbox label="Keep me logged in on this device" {...form.tick("remember")} />
      </FormShell>
    </Narrow>
  );
}
