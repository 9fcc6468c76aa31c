import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changeRole, invitationsQuery, invite, membersQuery, removeMember, withdrawInvitation } from "../../api/customers";
import { queryClient } from "../../api/query";
import type { Invitation, Member, Role } from "../../api/types";
import { mayIn, roleWords, useViewer } from "../../parts/identity/session";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Input, Select } from "../../ui/controls";
import { Ago } from "../../ui/DateTime";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toast, toastError } from "../../ui/Toast";
import { AccountTabs } from "./AccountTabs";

const roles = Object.keys(roleWords) as Role[];
const refresh = () => queryClient.invalidateQueries({ queryKey: ["accounts"] });

function Invite({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const form = useForm({
    initial: { email: "", role: "technical" },
    validate: (values) => ({ email: /^\S+@\S+\.\S+$/.test(values.email.trim()) ? undefined : "Enter an e-mail address." }),
    submit: async (values) => {
      await invite(accountId, { email: values.email.trim(), role: values.role as Role });
      await refresh();
      toast("Invitation sent");
      onClose();
    },
  });
  return (
    <Dialog open title="Invite someone" onClose={onClose}>
      <FormShell form={form} label="Invite someone" actions={<><Button type="submit" look="primary" busy={form.sending}>Send the invitation</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label="E-mail" error={form.errors.email}><Input type="email" autoFocus autoComplete="off" {...form.text("email")} /></Field>
        <Field label="Role" error={form.errors.role} help={roleWords[form.values.role as Role].help}>
          <Select {...form.text("role")}>{roles.filter((role) => role !== "owner").map((role) => <option key={role} value={role}>{roleWords[role].word}</option>)}</Select>
        </Field>
      </FormShell>
    </Dialog>
  );
}

function MemberRow({ accountId, member, ask }: { accountId: string; member: Member; ask: (request: ConfirmRequest) => void }) {
  const set = (role: Role) => void changeRole(accountId, member.user_id, role).then(refresh, toastError);
  const remove = () => ask({
    title: `Remove ${member.name}?`, body: <p>{member.email} loses access to this account at once. Servers and invoices stay.</p>, verb: "Remove", danger: true,
    run: () => removeMember(accountId, member.user_id).then(refresh),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <span className="min-w-0 flex-1 basis-56"><span className="block truncate font-medium">{member.name}</span><span className="block truncate text-sm text-ink-3">{member.email} · joined <Ago at={member.joined_at} /></span></span>
      {member.can.includes("change_role") ? (
        <Select aria-label={`Role of ${member.name}`} className="w-36" value={member.role} onChange={(event) => set(event.target.value as Role)}>{roles.map((role) => <option key={role} value={role}>{roleWords[role].word}</option>)}</Select>
      ) : <Badge>{roleWords[member.role].word}</Badge>}
      {member.can.includes("remove") ? <Button look="quiet" onClick={remove}>Remove<span className="sr-only"> {member.name}</span></Button> : null}
    </li>
  );
}

function InvitationRow({ accountId, invitation, may }: { accountId: string; invitation: Invitation; may: boolean }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <span className="min-w-0 flex-1 basis-56"><span className="block truncate">{invitation.email}</span><span className="text-sm text-ink-3">Invited, ends <Ago at={invitation.expires_at} /></span></span>
      <Badge>{roleWords[invitation.role].word}</Badge>
      {may ? <Button look="quiet" onClick={() => void withdrawInvitation(accountId, invitation.id).then(refresh, toastError)}>Withdraw</Button> : null}
    </li>
  );
}

export function TeamPage() {
  const { account } = useViewer();
  const may = mayIn(account, "members.manage");
  const members = useQuery(membersQuery(account.id));
  const invitations = useQuery({ ...invitationsQuery(account.id), enabled: may }).data?.items ?? [];
  const [inviting, setInviting] = useState(false);
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  return (
    <Page title="Team" narrow crumbs={[{ label: "Account", href: "/account" }]} action={may ? <Button look="primary" icon="plus" onClick={() => setInviting(true)}>Invite someone</Button> : null}>
      <AccountTabs current="/account/team" />
      <Section flush>
        {members.data ? (
          <ul aria-label="Team" className="divide-y divide-line">
            {members.data.items.map((member) => <MemberRow key={member.user_id} accountId={account.id} member={member} ask={setAsking} />)}
            {invitations.map((invitation) => <InvitationRow key={invitation.id} accountId={account.id} invitation={invitation} may={may} />)}
          </ul>
        ) : members.error ? <ErrorState error={members.error} retry={members.refetch} /> : <div className="p-4"><SkeletonLines lines={3} /></div>}
      </Section>
      <dl className="mt-5 grid grid-cols-[auto_1fr] gap-x-5 gap-y-1 text-sm">{roles.map((role) => <div key={role} className="contents"><dt className="font-medium">{roleWords[role].word}</dt><dd className="text-ink-3">{roleWords[role].help}</dd></div>)}</dl>
      {inviting ? <Invite accountId={account.id} onClose={() => setInviting(false)} /> : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
