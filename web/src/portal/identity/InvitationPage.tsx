import { useLocation } from "wouter";
import { acceptInvitation } from "../../api/customers";
import { queryClient } from "../../api/query";
import { remember } from "../../lib/store";
import { useUrl } from "../../lib/url";
import { useMe } from "../../parts/identity/session";
import { Button, LinkButton } from "../../ui/Button";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { SkeletonLines } from "../../ui/Skeleton";
import { Narrow } from "./Narrow";

export function InvitationPage() {
  const me = useMe();
  const [params] = useUrl();
  const [, navigate] = useLocation();
  const token = params.get("token") ?? "";
  const form = useForm({
    initial: {},
    submit: async () => {
      const { account_id } = await acceptInvitation(token);
      remember("account", account_id);
      await queryClient.invalidateQueries({ queryKey: ["me"] });
      navigate("/home");
    },
  });
  const back = encodeURIComponent(`/invitations/accept?token=${token}`);
  return (
    <Narrow title="You are invited to an account" lead={me === null ? "Log in or sign up with the address that was invited; then you join." : me ? <>You join as <b className="break-all text-ink">{me.email}</b>.</> : null}>
      {me === undefined ? <SkeletonLines lines={2} /> : me === null ? (
        <div className="flex gap-2"><LinkButton look="primary" href={`/login?next=${back}`}>Log in</LinkButton><LinkButton href={`/signup?next=${back}`}>Sign up</LinkButton></div>
      ) : <FormShell form={form} label="Accept the invitation" actions={<Button type="submit" look="primary" busy={form.sending}>Join the account</Button>}>{null}</FormShell>}
    </Narrow>
  );
}
