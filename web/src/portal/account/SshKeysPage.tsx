import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../api/query";
import { addSshKey, removeSshKey, sshKeysQuery } from "../../api/servers";
import type { SshKey } from "../../api/types";
import { canMakeKeys } from "../../lib/sshKey";
import { MakeKeyDialog } from "../../parts/servers/MakeKey";
import { mayIn, useViewer } from "../../parts/identity/session";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Input, Textarea } from "../../ui/controls";
import { CopyText } from "../../ui/Copy";
import { Ago } from "../../ui/DateTime";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { AccountTabs } from "./AccountTabs";

const refresh = () => queryClient.invalidateQueries({ queryKey: ["ssh-keys"] });

function AddKey({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const form = useForm({
    initial: { name: "", public_key: "" },
    validate: (values) => ({ public_key: values.public_key.trim() ? undefined : "Paste the public key." }),
    submit: async (values) => {
      const key = values.public_key.trim();
      await addSshKey({ account_id: accountId, name: values.name.trim() || key.split(/\s+/)[2] || "SSH key", public_key: key });
      await refresh();
      onClose();
    },
  });
  return (
    <Dialog open wide title="Add an SSH key" onClose={onClose}>
      <FormShell form={form} label="Add an SSH key" actions={<><Button type="submit" look="primary" busy={form.sending}>Add key</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label="Public key" error={form.errors.public_key} help="The file that ends in .pub. Servers you order later can have it; those that run are not changed.">
          <Textarea rows={4} autoFocus className="font-mono text-sm" spellCheck={false} placeholder="ssh-ed25519 AAAA… you@laptop" {...form.text("public_key")} />
        </Field>
        <Field label="Name" optional error={form.errors.name}><Input autoComplete="off" {...form.text("name")} /></Field>
      </FormShell>
    </Dialog>
  );
}

function KeyRow({ sshKey, may, ask }: { sshKey: SshKey; may: boolean; ask: (request: ConfirmRequest) => void }) {
  const remove = () => ask({
    title: `Remove ${sshKey.name}?`, body: <p>New servers can no longer have it. Servers that already have it keep it; remove it there yourself.</p>, verb: "Remove key", danger: true,
    run: () => removeSshKey(sshKey.id).then(refresh),
  });
  return (
    <li className="flex items-center justify-between gap-4 px-4 py-2.5">
      <span className="min-w-0"><span className="block truncate font-medium">{sshKey.name}</span><span className="text-sm text-ink-3"><CopyText text={sshKey.fingerprint} label="fingerprint" /> · added <Ago at={sshKey.created_at} /></span></span>
      {may ? <Button look="quiet" onClick={remove}>Remove<span className="sr-only"> {sshKey.name}</span></Button> : null}
    </li>
  );
}

export function SshKeysPage() {
  const { account } = useViewer();
  const may = mayIn(account, "keys.manage");
  const { data, error, refetch } = useQuery(sshKeysQuery(account.id));
  const [adding, setAdding] = useState(false);
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const [making, setMaking] = useState(false);
  const add = may ? (
    <>
      {canMakeKeys() ? <Button icon="key" onClick={() => setMaking(true)}>Make a key</Button> : null}
      <Button look="primary" icon="plus" onClick={() => setAdding(true)}>Add a key</Button>
    </>
  ) : null;
  return (
    <Page title="SSH keys" narrow crumbs={[{ label: "Account", href: "/account" }]} action={data && data.items.length > 0 ? add : null}>
      <AccountTabs current="/account/ssh-keys" />
      <Section flush>
        {data ? (data.items.length > 0 ? <ul aria-label="SSH keys" className="divide-y divide-line">{data.items.map((key) => <KeyRow key={key.id} sshKey={key} may={may} ask={setAsking} />)}</ul>
          : <EmptyState title="No SSH keys yet" action={add}>A key lets you log in to new servers without a password.</EmptyState>)
          : error ? <ErrorState error={error} retry={refetch} /> : <div className="p-4"><SkeletonLines lines={3} /></div>}
      </Section>
      {making ? <MakeKeyDialog onClose={() => setMaking(false)} keep={({ name, publicLine }) => addSshKey({ account_id: account.id, name, public_key: publicLine }).then(refresh)} /> : null}
      {adding ? <AddKey accountId={account.id} onClose={() => setAdding(false)} /> : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
