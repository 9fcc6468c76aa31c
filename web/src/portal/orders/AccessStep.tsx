import { useQuery } from "@tanstack/react-query";
import { sshKeysQuery } from "../../api/servers";
import { Checkbox, Input, Textarea } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { Step } from "./Step";
import type { Draft, DraftErrors } from "./draft";

type StepProps = { draft: Draft; change: (part: Partial<Draft>) => void; errors: DraftErrors };

function SavedKeys({ accountId, draft, change }: { accountId: string; draft: Draft; change: StepProps["change"] }) {
  const keys = useQuery(sshKeysQuery(accountId)).data?.items ?? [];
  if (keys.length === 0) return null;
  return (
    <fieldset className="mb-3">
      <legend className="mb-1 text-sm font-medium text-ink-2">Your SSH keys</legend>
      {keys.map((key) => (
        <Checkbox key={key.id} label={key.name} help={<code className="text-xs break-all">{key.fingerprint}</code>} checked={draft.keyIds.includes(key.id)}
          onChange={(event) => change({ keyIds: event.target.checked ? [...draft.keyIds, key.id] : draft.keyIds.filter((id) => id !== key.id) })} />
      ))}
    </fieldset>
  );
}

export function AccessStep({ accountId, draft, change, errors }: StepProps & { accountId: string | undefined }) {
  return (
    <Step id="access" title="How you log in" error={errors.access}>
      {accountId ? <SavedKeys accountId={accountId} draft={draft} change={change} /> : null}
      <Field label={accountId ? "Another SSH key" : "SSH key"} optional error={errors.publicKey} help="Paste the public half, the file that ends in .pub. It is safe to share.">
        <Textarea rows={3} className="font-mono text-sm" spellCheck={false} placeholder="ssh-ed25519 AAAA… you@laptop" value={draft.publicKey} onChange={(event) => change({ publicKey: event.target.value })} />
      </Field>
      <Checkbox className="mt-2" label="Log in with a password" help="We make one and show it once when the server is ready. A key is safer." checked={draft.passwordLogin}
        onChange={(event) => change({ passwordLogin: event.target.checked })} />
    </Step>
  );
}

export function NameStep({ draft, change, errors }: StepProps) {
  return (
    <Step id="name" title="Name">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Hostname" error={errors.hostname} help="What the server calls itself.">
          <Input value={draft.hostname} placeholder="web-1.example.com" maxLength={253} autoCapitalize="off" spellCheck={false} autoComplete="off" onChange={(event) => change({ hostname: event.target.value })} />
        </Field>
        <Field label="Label" optional error={errors.label} help="What you call it here.">
          <Input value={draft.label} maxLength={80} autoComplete="off" onChange={(event) => change({ label: event.target.value })} />
        </Field>
      </div>
    </Step>
  );
}
